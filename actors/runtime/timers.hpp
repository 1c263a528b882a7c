// Leader only: which timer rows are due, in order of time.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "actors/runtime/leader_rows.hpp"

namespace stoa {

class Timers {
 public:
  void committed(const TimerRow& row);
  void erased(const std::string& name);
  void clear();

  // Rows due at `now`. Each is handed out once until it is committed or erased anew.
  std::vector<TimerRow> take_due(Time now);
  size_t size() const { return rows_.size(); }

 private:
  std::map<std::string, TimerRow> rows_;
  std::set<std::pair<int64_t, std::string>> due_;
};

// The row a transaction's set_timer stands for.
std::string timer_name(const std::string& command, const std::string& key);

}  // namespace stoa
