// Hosts a node's shards on one loop: recovers each from journal and state, spawns its typed actor, ticks it, and stops
// it cleanly. What disk, clock and randomness are is the caller's affair, so tests and simulation host the same way.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "actors/runtime/actor_router.hpp"
#include "actors/runtime/loop_world.hpp"
#include "actors/runtime/service.hpp"
#include "actors/runtime/shard.hpp"
#include "storage/database.hpp"
#include "storage/shard_state.hpp"
#include "storage/state_flusher.hpp"

namespace stoa {

// All outlive the host.
struct HostParts {
  caf::actor_system& system;
  Loop& loop;
  Journal& journal;
  JournalWriter& writer;
  StateFlusher& flusher;
  const Clock& clock;
  Random& random;
  ProbeRegistry& probes;
  const std::vector<Service>& services;
  std::map<uint16_t, Database*> databases;  // by service number; only those hosted here
  ShardCounts counts{};
  std::map<GroupId, ReplicaId> replicas;          // of every group hosted here
  std::map<std::string, EffectAdapter> adapters;  // every adapter that the services name
  uint64_t seed = 0;
  const FreeSpace* space = nullptr;  // none: never low
  OnApplying on_applying = nullptr;  // may be empty
};

class ShardHost {
 public:
  // Reads the journal and the databases; blocks. The loop must not run yet. Groups that the journal does not know are
  // born, with this node's replica as the only voter.
  static Result<std::unique_ptr<ShardHost>> start(HostParts parts);
  ~ShardHost();

  ActorRouter& router() { return *router_; }

  // On the loop, every 100 ms.
  void tick();
  // On the loop: answers what waits, ends the actors, hands all dirty state to the flusher. The caller then waits for
  // the actors (actor_system::await_all_actors_done) and for the flusher before it stops the loop.
  void stop();

  struct Hosted {
    const Service* service;
    GroupId group;
    std::unique_ptr<Probe> probe;
    std::unique_ptr<ShardState> state;
    std::unique_ptr<Shard> shard;
    caf::strong_actor_ptr actor;
  };
  // Fixed after start; a shard's gauges and its probe may be read from any thread, the rest on the loop.
  const std::vector<std::unique_ptr<Hosted>>& shards() const { return shards_; }
  // Whether every shard hosted here has a leader. Any thread.
  bool all_lead() const;

 private:
  explicit ShardHost(HostParts parts);
  Result<void> begin_groups();
  Result<void> boot(const Service& service, GroupId group);
  void connect();

  HostParts parts_;
  LoopUnit unit_;
  std::map<std::string, std::vector<Subscriber>> subscribers_;
  std::map<uint16_t, std::unique_ptr<ServicePort>> ports_;
  std::unique_ptr<Probe> courier_probe_;
  caf::strong_actor_ptr courier_;
  ShardDirectory directory_;
  std::unique_ptr<ActorRouter> router_;
  std::unique_ptr<LoopWorld> world_;
  std::vector<std::unique_ptr<Hosted>> shards_;
};

}  // namespace stoa
