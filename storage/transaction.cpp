#include "storage/transaction.hpp"

namespace stoa {
namespace {

// Fewer may be left than at the savepoint: the owner takes effects out.
template <class T>
void cut(std::vector<T>& effects, size_t size) {
  if (effects.size() > size) effects.resize(size);
}

}  // namespace

void Transaction::write(std::string key, std::optional<std::string> value) {
  const auto found = writes_.writes.find(key);
  if (found == writes_.writes.end()) {
    undo_.push_back({key, false, std::nullopt});
    writes_.writes.emplace(std::move(key), std::move(value));
  } else {
    undo_.push_back({std::move(key), true, std::move(found->second)});
    found->second = std::move(value);
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
      writes_.writes[u.key] = std::move(u.before);
    else
      writes_.writes.erase(u.key);
  }
  cut(outgoing_, mark_.outgoing);
  cut(timers_, mark_.timers);
  cut(facts_, mark_.facts);
  cut(answers_, mark_.answers);
}

}  // namespace stoa
