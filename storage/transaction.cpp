#include "storage/transaction.hpp"

#include <utility>

namespace stoa {
namespace {

// Fewer may be left than at the savepoint: the owner takes effects out.
template <class T>
void cut(std::vector<T>& effects, size_t size) {
  if (effects.size() > size) effects.resize(size);
}

}  // namespace

void Transaction::write(std::string key, std::optional<std::string> value) {
  const auto at = writes_.writes.lower_bound(key);
  if (at == writes_.writes.end() || at->first != key) {
    undo_.push_back({writes_.writes.emplace_hint(at, std::move(key), std::move(value)), false, std::nullopt});
  } else {
    undo_.push_back({at, true, std::exchange(at->second, std::move(value))});
  }
}

void Transaction::savepoint() {
  undo_.clear();
  mark_ = {outgoing_.size(), timers_.size(), facts_.size(), answers_.size()};
}

void Transaction::roll_back() {
  for (; !undo_.empty(); undo_.pop_back()) {
    Undo& u = undo_.back();
    if (u.was_there)
      u.at->second = std::move(u.before);
    else
      writes_.writes.erase(u.at);
  }
  cut(outgoing_, mark_.outgoing);
  cut(timers_, mark_.timers);
  cut(facts_, mark_.facts);
  cut(answers_, mark_.answers);
}

}  // namespace stoa
