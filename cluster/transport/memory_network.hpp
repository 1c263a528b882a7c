// A network of nodes in one thread, stepped by hand: the twin of the real transport for tests and simulations. Time,
// delays and the order of what happens come from its seed and from whoever steps it, and from nothing else.
//
// It keeps the promises of Transport. Connections come by themselves between open ends that name each other; they go
// when an end closes, when disconnect() says so, or by silence once a direction was cut for long enough. What is under
// way over a cut waits, as TCP would have it, and arrives if the cut is healed in time.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/random.hpp"
#include "cluster/transport.hpp"

namespace stoa {

class MemoryNetwork {
 public:
  struct Options {
    uint64_t seed = 1;
    int64_t begin_ms = 0;
    int64_t least_delay_ms = 1;  // of a parcel, drawn for each between the two; order is kept
    int64_t most_delay_ms = 4;
    int64_t silent_ms = 1000;  // until a cut is noticed, and up to a fifth more
    int64_t retry_ms = 50;     // until a lost connection is tried again, and up to three times as long
  };
  explicit MemoryNetwork(Options options);
  ~MemoryNetwork();
  MemoryNetwork(const MemoryNetwork&) = delete;
  MemoryNetwork& operator=(const MemoryNetwork&) = delete;

  // A node's end, by the name in its hello. One live end for each name. The network and the port outlive it. To destroy
  // it is to kill the process: its peers see that at once, where they are not cut off.
  // `facts` of each hello, if it is set, are what the function says then.
  std::unique_ptr<Transport> open(Hello hello, TransportPort& port, std::function<std::string()> facts = nullptr);

  // Nothing from one reaches the other any more; the way back is another cut.
  void cut(const std::string& from, const std::string& to);
  void heal(const std::string& from, const std::string& to);
  // Ends the connection; what is under way is lost. It comes back by itself.
  void disconnect(const std::string& a, const std::string& b);

  int64_t now_ms() const { return now_ms_; }
  // When the next thing happens; nullopt: nothing will unless something is called.
  std::optional<int64_t> next_ms() const;
  // Does the next thing, moving the time to it; false: there is none. Ports are called from here alone.
  bool step();
  // Does all that is due until then.
  void advance_to(int64_t ms);

 private:
  class End;
  using Direction = std::pair<std::string, std::string>;  // from, to
  struct Way {
    bool up = false;      // `from` believes to be connected to `to`
    int64_t last_ms = 0;  // when the last thing sent arrives
    size_t under_way = 0;
    Time since;
    std::string last_error;
    std::deque<std::function<void()>> held;  // arrived at the cut
  };
  struct Pair {
    uint64_t connection = 0;  // counted; what belongs to an earlier one is void
    bool seeking = false;
  };

  void at(int64_t ms, std::function<void()> what);
  void deliver(const Direction& way, std::function<void()> what);
  void arrive(const Direction& way, uint64_t connection, std::function<void()> what);
  void seek(const std::string& a, const std::string& b);
  void connect(const std::string& a, const std::string& b);
  void up(const std::string& node, const std::string& peer);
  void down(const std::string& node, const std::string& peer, const std::string& why);
  void part(const std::string& node, const std::string& peer);
  void watch(const std::string& node, const std::string& silent_peer);
  bool named(const std::string& node, const std::string& peer) const;
  Pair& pair(const std::string& a, const std::string& b) { return pairs_[std::minmax(a, b)]; }
  int64_t delay();

  const Options options_;
  SeededRandom random_;
  int64_t now_ms_;
  uint64_t events_begun_ = 0;
  std::map<std::pair<int64_t, uint64_t>, std::function<void()>> events_;
  std::map<std::string, End*> ends_;
  std::map<std::string, uint64_t> lives_;  // how many ends each name has had
  std::map<Direction, Way> ways_;
  std::map<std::pair<std::string, std::string>, Pair> pairs_;
  std::map<Direction, uint64_t> cuts_;  // the number of the cut
  uint64_t cuts_made_ = 0;
};

}  // namespace stoa
