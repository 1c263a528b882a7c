// The durable fact that a saga is open: written by the transaction that begins it, erased by the one that decides.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "base/record.hpp"
#include "storage/key.hpp"

namespace stoa {

struct SagaRow {
  static constexpr Table kTable = 203;
  Uuid id;              // of what it decides, such as the order
  std::string kind;     // names the plan
  std::string payload;  // what the plan needs to ask, encoded by the service
  Time begun;
  bool waits = false;  // for an event from outside: nothing is asked, nothing decided meanwhile
  std::string trace_id;
  Time until;  // then its kind's expire command is given; {0}: never

  Uuid key() const { return id; }
};
template <class V>
void fields(V& v, SagaRow& x) {
  v(1, "id", x.id);
  v(2, "kind", x.kind);
  v(3, "payload", x.payload);
  v(4, "begun", x.begun);
  v(5, "waits", x.waits);
  v(6, "trace_id", x.trace_id);
  v(7, "until", x.until);
}

// Shards per service, by the service's stable number; 0 where there is no such service.
using ShardCounts = std::array<uint16_t, 64>;

inline uint16_t shard_of(const ShardCounts& counts, uint16_t service, Slot slot) {
  return static_cast<uint16_t>(slot % counts[service]);
}

}  // namespace stoa
