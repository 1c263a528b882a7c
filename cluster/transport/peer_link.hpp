// What a node knows of one peer: where the connection to it stands, and what is under way on it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <string>

#include "base/random.hpp"
#include "cluster/hello.hpp"
#include "cluster/transport.hpp"
#include "cluster/transport/node_api.hpp"

namespace stoa {

// How long to wait before the next try: doubled from try to try, up to a bound, and a part of it at random, so that
// nodes that lost each other together do not come back together.
class Backoff {
 public:
  static constexpr int64_t kFirstMs = 50;
  static constexpr int64_t kUnreachableMs = 1000;
  static constexpr int64_t kRefusedMs = 5000;  // it will not be let in before somebody has changed something

  int64_t next_ms(int64_t most_ms, Random& random) {
    wait_ms_ = wait_ms_ == 0 ? kFirstMs : std::min(2 * wait_ms_, most_ms);
    return wait_ms_ / 2 + static_cast<int64_t>(random.below(static_cast<uint64_t>(wait_ms_)));
  }
  void reset() { wait_ms_ = 0; }

 private:
  int64_t wait_ms_ = 0;
};

// Parcels of one direction that were sent and not acknowledged.
class UnderWay {
 public:
  // Of a small parcel most is what carries it.
  static constexpr size_t kOverheadBytes = 64;

  // The parcel's number, or 0: there is no room for it.
  uint64_t take(size_t parcel_bytes) {
    const size_t bytes = parcel_bytes + kOverheadBytes;
    if (bytes_ + bytes > Transport::kMaxBytesUnderWay) return 0;
    bytes_ += bytes;
    sizes_.push_back(bytes);
    return ++taken_;
  }
  void acknowledged(uint64_t number) {
    while (!sizes_.empty() && taken_ - sizes_.size() < number) {
      bytes_ -= sizes_.front();
      sizes_.pop_front();
    }
  }
  size_t bytes() const { return bytes_; }

 private:
  std::deque<size_t> sizes_;
  size_t bytes_ = 0;
  uint64_t taken_ = 0;
};

struct PeerLink {
  enum class State : uint8_t {
    kWaiting,    // for the next try, or to be dialed
    kResolving,  // its host's name
    kDialing,    // until CAF's handshake is through
    kGreeting,   // until it has answered
    kConnected,
    kClosing,  // until CAF has forgotten the connection
  };

  PeerAddress address;
  bool wanted = true;  // false: set_peers() left it out, and it goes once it is closed
  State state = State::kWaiting;
  int64_t due_ns = 0;       // when the state ends if nothing else ends it
  int64_t retry_ns = 0;     // not before this, once it is closed
  uint64_t connection = 0;  // among Connections; 0: none
  NodeApi actor;            // from kGreeting on
  uint64_t link = 0;
  Hello hello;  // kConnected
  Backoff backoff;

  UnderWay under_way;         // to it
  uint64_t received = 0;      // the last parcel's number
  uint64_t acknowledged = 0;  // the last that we acknowledged
  size_t unacknowledged_bytes = 0;
  int64_t last_stamp_ns = 0;  // its last heartbeat's
  int64_t last_stamp_at_ns = 0;

  Time since;
  std::string last_error;
  int64_t clock_ahead_ms = 0;
  int64_t round_trip_ms = 0;

  PeerStatus status() const;
  // A connection begins with nothing under way.
  void fresh(uint64_t new_link);
  // Nobody is at the other end.
  void cleared();
  // Takes the peer's clock from an exchange that ended now.
  void compare_clocks(Time theirs, Time ours, int64_t round_trip_ns);
};

}  // namespace stoa
