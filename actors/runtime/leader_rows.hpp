// Rows of a shard's state that its leader acts on: messages to send and commands to give itself later.
#pragma once

#include <string>
#include <tuple>

#include "base/record.hpp"
#include "storage/key.hpp"

namespace stoa {

// A message to another shard: put by the transaction that makes it, erased by the entry that notes its answer.
struct OutboxRow {
  static constexpr Table kTable = 201;
  Uuid id;
  uint64_t service = 0;
  uint64_t slot = 0;
  std::string command;
  std::string payload;
  std::string trace_id;

  Uuid key() const { return id; }
};
template <class V>
void fields(V& v, OutboxRow& x) {
  v(1, "id", x.id);
  v(2, "service", x.service);
  v(3, "slot", x.slot);
  v(4, "command", x.command);
  v(5, "payload", x.payload);
  v(6, "trace_id", x.trace_id);
}

struct TimerRow {
  static constexpr Table kTable = 202;
  std::string name;  // command | 0 | key
  std::string command;
  std::string payload;
  Time due;
  std::string trace_id;

  const std::string& key() const { return name; }
};
template <class V>
void fields(V& v, TimerRow& x) {
  v(1, "name", x.name);
  v(2, "command", x.command);
  v(3, "payload", x.payload);
  v(4, "due", x.due);
  v(5, "trace_id", x.trace_id);
}

}  // namespace stoa
