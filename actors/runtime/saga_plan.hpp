// A saga as a pure plan: from the saga's row and the replies so far follows what to ask next, or the command that
// decides. The runner (leader only) asks, repeats until answered, and hands the decision to the shard; everything
// durable is the row and the decision. Participants key their effect by the saga's id, so asking again after a crash is
// safe and gives the same replies, and the plan comes to the same decision.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "actors/runtime/any_command.hpp"
#include "base/outcome.hpp"
#include "storage/saga_row.hpp"

namespace stoa {

struct SagaAsk {
  std::string
      key;  // names the question within the saga, such as "reserve/3"; asked once per key, repeated until answered
  uint16_t service = 0;
  Slot slot = 0;
  AnyCommand command;
  bool charges = false;  // may leave only once the saga's row is committed; others may leave beside that commit
};

// Replies by the key of their question. Only real answers come here (done, or a refusal of the domain).
using SagaReplies = std::map<std::string, Answer>;

struct SagaStep {
  std::vector<SagaAsk> asks;           // those already asked are left alone
  std::optional<AnyCommand> decision;  // a command of this service, for this shard
};

// Pure: same arguments, same step. A plan goes on only when all that it asked is answered, so it is not consulted
// before.
using SagaPlan = SagaStep (*)(const SagaRow& row, const SagaReplies& replies, const ShardCounts& shards);

struct SagaKind {
  SagaPlan plan = nullptr;
  // The command that ends a saga whose time (SagaRow::until) is over; given again while the saga stays open.
  AnyCommand (*expire)(const SagaRow& row) = nullptr;
};

}  // namespace stoa
