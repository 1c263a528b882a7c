#include "tests/simulation/machine.hpp"

#include <algorithm>

namespace stoa::whole {

void Machine::crash(Random& random) {
  journal.crash(random);
  late.crash(random);
  staging.crash(random);
  data.crash(random);
  lose_memory(random);
}

void Machine::lose_memory(Random& random) {
  for (auto& [service, database] : databases) database.crash(random);
  staging.restart();
  data.restart();
}

void StoredLate::crash(Random& random) {
  if (!late_) return;
  const uint64_t lost = random.below(std::min<uint64_t>(kMostLate, history_.size() + 1));
  history_.resize(history_.size() - lost);
  for (const GroupId group : journal_.groups())
    STOA_CHECK(journal_.append({{group, 0, Reset{0, 0}}}, true).ok(), "it works");
  for (const Step& step : history_) {
    if (step.turn.empty()) {
      journal_.trim(step.trimmed, step.upto);
    } else {
      STOA_CHECK(journal_.append(step.turn, true).ok(), "it works");
    }
  }
}

}  // namespace stoa::whole
