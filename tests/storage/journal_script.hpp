// A scripted run of a journal, and what may be left of it after a crash.
#pragma once

#include <gtest/gtest.h>

#include "tests/storage/journal_model.hpp"

namespace stoa {

// A run that fills segments, recycles them, replaces tails, and leaves turns unsynced; the same for the same seed.
struct JournalScript {
  explicit JournalScript(uint64_t seed, int turns) {
    SeededRandom random(seed);
    JournalTurns make(random);
    states.push_back({});
    for (int i = 0; i < turns; ++i) {
      JournalModel model = states.back();
      sync.push_back(random.below(3) != 0 || model.groups.empty());
      turn.push_back(sync.back() ? make.next(model) : make.next_commit(model));
      model.apply(turn.back());
      trims.push_back(random.below(2) == 0);
      if (trims.back()) {
        for (auto& [id, group] : model.groups) model.trim(id, group.last_index() - random.below(3));
      }
      states.push_back(model);
    }
  }
  // Runs until the journal fails; returns how many turns were answered and how many of those must survive.
  std::pair<size_t, size_t> run(Journal& journal) const {
    size_t durable = 0;
    for (size_t i = 0; i < turn.size(); ++i) {
      if (!journal.append(turn[i], sync[i])) return {i, durable};
      if (sync[i]) durable = i + 1;
      if (!trims[i]) continue;
      for (const auto& [id, group] : states[i + 1].groups) journal.trim(id, group.trimmed);
    }
    return {turn.size(), durable};
  }
  // What the journal holds must be the state after one of the turns from..to.
  void expect_one_of(size_t from, size_t to, Journal& journal, uint64_t cut) const {
    std::string differs;
    for (size_t i = from; i <= std::min(to, turn.size()); ++i) {
      const std::string difference = states[i].difference(journal);
      if (difference.empty()) return;
      differs += "\n  after turn " + std::to_string(i) + ": " + difference;
    }
    FAIL() << "cut at operation " << cut << differs;
  }
  std::vector<std::vector<JournalRecord>> turn;
  std::vector<bool> sync;
  std::vector<bool> trims;
  std::vector<JournalModel> states;  // before the first turn, after the first, ...
};

}  // namespace stoa
