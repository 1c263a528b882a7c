#include "cluster/transport/peer_link.hpp"

namespace stoa {

PeerStatus PeerLink::status() const {
  PeerStatus s;
  s.node = address.node;
  s.connected = state == State::kConnected;
  s.since = since;
  s.last_error = last_error;
  s.clock_ahead_ms = clock_ahead_ms;
  s.round_trip_ms = round_trip_ms;
  s.bytes_under_way = under_way.bytes();
  return s;
}

void PeerLink::fresh(uint64_t new_link) {
  link = new_link;
  under_way = {};
  received = acknowledged = 0;
  unacknowledged_bytes = 0;
  last_stamp_ns = last_stamp_at_ns = 0;
}

void PeerLink::cleared() {
  fresh(0);
  connection = 0;
  actor = nullptr;
  hello = {};
}

void PeerLink::compare_clocks(Time theirs, Time ours, int64_t round_trip_ns) {
  if (round_trip_ns < 0) return;
  round_trip_ms = round_trip_ns / 1'000'000;
  clock_ahead_ms = theirs.ms + round_trip_ns / 2'000'000 - ours.ms;
}

}  // namespace stoa
