// Rows of a shard's state that its leader acts on: messages to send and commands to give itself later.
#pragma once

#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/record.hpp"
#include "storage/key.hpp"

namespace stoa {

struct OutboxMessage {
  uint64_t service = 0;
  uint64_t slot = 0;
  std::string command;
  std::string payload;
};
template <class V>
void fields(V& v, OutboxMessage& x) {
  v(1, "service", x.service);
  v(2, "slot", x.slot);
  v(3, "command", x.command);
  v(4, "payload", x.payload);
}

// What one command sends to other shards: put by the transaction that makes it, erased by an entry that follows the
// answers to all of it. The first message stands in the row itself, as when a row had only one.
struct OutboxRow {
  static constexpr Table kTable = 201;
  Uuid id;
  OutboxMessage first;
  std::string trace_id;
  std::vector<OutboxMessage> more;

  Uuid key() const { return id; }
  void add(OutboxMessage message) {
    if (first.command.empty())
      first = std::move(message);
    else
      more.push_back(std::move(message));
  }
  size_t messages() const { return 1 + more.size(); }
  const OutboxMessage& message(size_t at) const { return at == 0 ? first : more[at - 1]; }
};
template <class V>
void fields(V& v, OutboxRow& x) {
  v(1, "id", x.id);
  v(2, "service", x.first.service);
  v(3, "slot", x.first.slot);
  v(4, "command", x.first.command);
  v(5, "payload", x.first.payload);
  v(6, "trace_id", x.trace_id);
  v(7, "more", x.more);
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
