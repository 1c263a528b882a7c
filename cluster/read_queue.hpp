// The reads of one replica that wait: for a round of confirmations, for its outcome, and for the state to catch up with
// it. All reads asked before a round share it. A round's number is never used again. One thread.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "base/group.hpp"

namespace stoa {

class ReadQueue {
 public:
  void ask(uint64_t id) { waiting_.push_back(id); }
  bool wants_round() const { return !waiting_.empty(); }

  // All that waited joins a new round; returns its number.
  uint64_t start_round(Term term, uint64_t tick);
  // The round, and every one before it in that term, is confirmed: readable once `index` is applied.
  void confirmed(Term term, uint64_t round, Index index);
  // Those that can be answered now.
  std::vector<uint64_t> take_readable(Index applied);
  // Everything not confirmed yet: the lead is gone.
  std::vector<uint64_t> take_lost();
  // Rounds begun at `tick` or before wait for a new one: the core drops requests without a word.
  void restart_rounds_of(uint64_t tick);
  bool idle() const { return waiting_.empty() && rounds_.empty() && confirmed_.empty(); }

 private:
  struct Round {
    Term term;
    uint64_t number;
    uint64_t tick;
    std::vector<uint64_t> ids;
  };
  struct Confirmed {
    Index index;
    std::vector<uint64_t> ids;
  };

  std::vector<uint64_t> waiting_;
  std::deque<Round> rounds_;
  std::deque<Confirmed> confirmed_;
  uint64_t last_round_ = 0;
};

}  // namespace stoa
