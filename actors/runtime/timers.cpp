#include "actors/runtime/timers.hpp"

namespace stoa {

std::string timer_name(const std::string& command, const std::string& key) { return command + '\0' + key; }

void Timers::committed(const TimerRow& row) {
  erased(row.name);
  due_.emplace(row.due.ms, row.name);
  rows_.emplace(row.name, row);
}

void Timers::erased(const std::string& name) {
  const auto found = rows_.find(name);
  if (found == rows_.end()) return;
  due_.erase({found->second.due.ms, name});
  rows_.erase(found);
}

void Timers::clear() {
  rows_.clear();
  due_.clear();
}

std::vector<TimerRow> Timers::take_due(Time now) {
  std::vector<TimerRow> out;
  while (!due_.empty() && due_.begin()->first <= now.ms) {
    out.push_back(rows_.at(due_.begin()->second));
    due_.erase(due_.begin());
  }
  return out;
}

}  // namespace stoa
