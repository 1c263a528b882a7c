// What the inspector shows of a node's actors, read from their probes: depth, age of the oldest message, messages a
// second, share of time busy, last messages. Sampled by the node; reading costs the actors nothing.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/record.hpp"
#include "base/result.hpp"
#include "cluster/probe.hpp"

namespace stoa {

// One row, as `stoa inspect --once --json` prints it.
struct ActorRow {
  uint64_t id = 0;
  std::string name;
  std::optional<std::string> service;  // none: not a shard
  std::optional<int64_t> shard;
  uint64_t depth = 0;             // messages waiting
  int64_t oldest_ms = 0;          // how long the oldest of them has waited
  uint64_t handled = 0;           // since the start
  int64_t rate = 0;               // messages a second, over the last second
  int64_t busy = 0;               // per mille of the last second
  std::vector<std::string> last;  // newest first
};
template <class V>
void fields(V& v, ActorRow& x) {
  v(1, "id", x.id);
  v(2, "name", x.name);
  v(3, "service", x.service);
  v(4, "shard", x.shard);
  v(5, "depth", x.depth);
  v(6, "oldest_ms", x.oldest_ms);
  v(7, "handled", x.handled);
  v(8, "rate", x.rate);
  v(9, "busy", x.busy);
  v(10, "last", x.last);
}

struct ActorView {
  std::string node;
  Time at;
  std::vector<ActorRow> actors;
};
template <class V>
void fields(V& v, ActorView& x) {
  v(1, "node", x.node);
  v(2, "at", x.at);
  v(3, "actors", x.actors);
}

// The document of `/v1/inspect`, which `stoa inspect --once --json` prints. There `busy` is a share from 0 to 1.
std::string actor_view_json(const ActorView& view);
// That document read again, or what is wrong with it.
Result<ActorView> read_actor_view(const std::string& json);

// Turns counters into rates: call sample() about once a second. Any thread.
class ActorSampler {
 public:
  ActorSampler(std::string node, const ProbeRegistry& probes, const Clock& clock)
      : node_(std::move(node)), probes_(probes), clock_(clock) {}

  void sample();
  ActorView view() const;

 private:
  struct Sample {
    uint64_t handled = 0;
    int64_t busy_ns = 0;
    int64_t rate = 0;
    int64_t busy = 0;
  };

  const std::string node_;
  const ProbeRegistry& probes_;
  const Clock& clock_;
  mutable std::mutex mutex_;  // guards all below
  std::map<uint64_t, Sample> samples_;
  int64_t sampled_ns_ = 0;
};

}  // namespace stoa
