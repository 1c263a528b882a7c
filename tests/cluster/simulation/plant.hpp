// A fault of the implementation that a run must find. kNone is the true one.
#pragma once

namespace stoa::simulation {

enum class Plant {
  kNone,
  kSpeaksBeforeItsDisk,    // messages leave, and entries count, before they are durable
  kForgetsItsVotes,        // hard states are lost in a crash
  kAnswersBeforeCommit,    // acknowledges what was only proposed
  kReadsWithoutAsking,     // a leader answers reads from what it has
  kFlushesBeyondItsState,  // the durable state says more was applied than was
};

}  // namespace stoa::simulation
