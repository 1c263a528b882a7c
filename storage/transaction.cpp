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

void Transaction::write(std::string_view key, std::optional<std::string_view> value) {
  if (writes_.put_new(key, value)) return;
  const auto before = writes_.find(key)->value;
  undo_.push_back({std::string(key), before ? std::optional<std::string>(*before) : std::nullopt});
  writes_.put(key, value);
}

void Transaction::savepoint() {
  undo_.clear();
  mark_ = {writes_.keys_put(), outgoing_.size(), timers_.size(), facts_.size(), answers_.size()};
}

void Transaction::roll_back() {
  for (; !undo_.empty(); undo_.pop_back()) writes_.put(undo_.back().key, undo_.back().before);
  writes_.cut(mark_.keys);
  cut(outgoing_, mark_.outgoing);
  cut(timers_, mark_.timers);
  cut(facts_, mark_.facts);
  cut(answers_, mark_.answers);
}

}  // namespace stoa
