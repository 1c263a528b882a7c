#include "cluster/read_queue.hpp"

#include <utility>

namespace stoa {

namespace {

void append(std::vector<uint64_t>& to, const std::vector<uint64_t>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

uint64_t ReadQueue::start_round(Term term, uint64_t tick) {
  rounds_.push_back({term, ++last_round_, tick, std::exchange(waiting_, {})});
  return last_round_;
}

void ReadQueue::confirmed(Term term, uint64_t round, Index index) {
  // An index of a later round serves the earlier ones too: it is not lower.
  while (!rounds_.empty() && rounds_.front().number <= round && rounds_.front().term == term) {
    confirmed_.push_back({index, std::move(rounds_.front().ids)});
    rounds_.pop_front();
  }
}

std::vector<uint64_t> ReadQueue::take_readable(Index applied) {
  std::vector<uint64_t> out;
  while (!confirmed_.empty() && confirmed_.front().index <= applied) {
    append(out, confirmed_.front().ids);
    confirmed_.pop_front();
  }
  return out;
}

std::vector<uint64_t> ReadQueue::take_lost() {
  std::vector<uint64_t> out;
  for (const Round& round : rounds_) {
    append(out, round.ids);
  }
  rounds_.clear();
  append(out, std::exchange(waiting_, {}));
  return out;
}

void ReadQueue::restart_rounds_of(uint64_t tick) {
  while (!rounds_.empty() && rounds_.front().tick <= tick) {
    append(waiting_, rounds_.front().ids);
    rounds_.pop_front();
  }
}

}  // namespace stoa
