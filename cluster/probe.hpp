// The probe in every actor: counters that its own thread writes and the inspector reads. Nobody ever asks an actor.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <string>

namespace stoa {

class ProbeRegistry;

class Probe {
 public:
  static constexpr size_t kLast = 8;

  // Registers itself for its lifetime. `service` is empty and `shard` -1 for actors that are no shards.
  Probe(ProbeRegistry& registry, std::string name, std::string service, int shard);
  ~Probe();
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;

  const uint64_t id;
  const std::string name;
  const std::string service;
  const int shard;

  // Any thread: a message was queued.
  void queued(int64_t now_ns) {
    if (enqueued.fetch_add(1, std::memory_order_relaxed) == handled.load(std::memory_order_relaxed)) {
      waiting_since_ns.store(now_ns, std::memory_order_relaxed);
    }
  }
  // The actor's thread: it was handled. `message` has static lifetime.
  void done(const char* message, int64_t now_ns) {
    const uint64_t n = handled.fetch_add(1, std::memory_order_relaxed);
    last[n % kLast].store(message, std::memory_order_relaxed);
    waiting_since_ns.store(now_ns, std::memory_order_relaxed);
  }

  uint64_t depth() const {
    const uint64_t out = handled.load(std::memory_order_relaxed), in = enqueued.load(std::memory_order_relaxed);
    return in > out ? in - out : 0;
  }

  std::atomic<uint64_t> enqueued{0}, handled{0};
  std::atomic<int64_t> busy_ns{0};
  std::atomic<int64_t> waiting_since_ns{0};  // since when the oldest message has waited; means nothing at depth 0
  std::array<std::atomic<const char*>, kLast> last{};

 private:
  ProbeRegistry& registry_;
};

// All probes of a node. Any thread.
class ProbeRegistry {
 public:
  void each(const std::function<void(const Probe&)>& fn) const;

 private:
  friend class Probe;
  uint64_t next_id();
  void add(Probe* probe);
  void remove(Probe* probe);

  mutable std::mutex mutex_;  // guards all below
  std::set<Probe*> probes_;
  uint64_t next_id_ = 1;
};

}  // namespace stoa
