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

// A replica on this node, with its actor.
struct HostedShard {
  const Service* service;
  GroupId group;
  std::unique_ptr<Probe> probe;
  std::unique_ptr<ShardState> state;
  std::unique_ptr<Shard> shard;
  caf::strong_actor_ptr actor;
};

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
  std::map<GroupId, ReplicaBirth> replicas;       // of every group hosted here
  std::map<std::string, EffectAdapter> adapters;  // every adapter that the services name
  uint64_t seed = 0;
  const FreeSpace* space = nullptr;  // none: never low
  OnApplying on_applying = nullptr;  // may be empty
  Mesh* mesh = nullptr;              // to the other nodes; none: there are none
  Disk* staging = nullptr;           // where snapshots are received; none: no snapshots
  Executor* worker = nullptr;        // with `staging`: for what would hold up the loop; its work ends before the host
  // Called on the loop (or before it runs) with each replica before it takes part; may be empty.
  std::function<void(HostedShard&)> on_open = nullptr;
  bool early = false;                      // see ShardWorld::early(); REQUIRES that no other node can reach this one
  Index kept_for_others = kKeptForOthers;  // of each group's log, see trimmable()
};

class ShardHost {
 public:
  // Reads the journal and the databases; blocks. The loop must not run yet. Replicas that the journal does not know are
  // born.
  static Result<std::unique_ptr<ShardHost>> start(HostParts parts);
  ~ShardHost();

  ActorRouter& router() { return *router_; }

  // On the loop, every 100 ms.
  void tick();
  // On the loop: a replica that the journal does not know is born there, then it takes part. `done` runs on the loop.
  // The service's database was given at the start. An error is one of storage: stop the process.
  void open(GroupId group, ReplicaBirth birth, std::function<void(Result<void>)> done);
  // On the loop: the replica of the group takes part no more and is forgotten in the journal; its records are wiped
  // soon, at the latest when another one is opened in its place. One that is being opened never takes part, and `done`
  // is not called. Nothing happens where there is none.
  void close(GroupId group);
  // On the loop: where the replicas of all groups are.
  void placed(const Directory& directory);
  // On the loop: asks other voters to lead what is led here; whether anything is still led that another could lead.
  bool hand_over_leads();
  // On the loop: answers what waits, ends the actors, hands all dirty state to the flusher. The caller then waits for
  // the actors (actor_system::await_all_actors_done) and for the flusher before it stops the loop.
  void stop();

  using Hosted = HostedShard;
  // nullptr: no replica of the group is here.
  Hosted* find(GroupId group);
  // On the loop; a shard's gauges and its probe may be read from any thread.
  const std::vector<std::unique_ptr<Hosted>>& shards() const { return shards_; }
  // Whether every shard hosted here has a leader. Any thread.
  bool all_lead() const;

 private:
  explicit ShardHost(HostParts parts);
  Result<void> begin_groups();
  Result<void> recover(GroupId group, ReplicaId replica);
  Result<void> boot(GroupId group, const ReplicaBirth& birth);
  const Service* service_of(GroupId group) const;
  void connect();
  void connect_mesh();
  void open_desk();

  HostParts parts_;
  LoopUnit unit_;
  std::map<std::string, std::vector<Subscriber>> subscribers_;
  std::map<uint16_t, std::unique_ptr<ServicePort>> ports_;
  std::unique_ptr<Probe> courier_probe_;
  caf::strong_actor_ptr courier_;
  ShardDirectory directory_;
  std::unique_ptr<ActorRouter> router_;
  std::unique_ptr<LoopWorld> world_;
  std::unique_ptr<SnapshotDesk> desk_;
  std::vector<std::unique_ptr<Hosted>> shards_;
  std::map<GroupId, ReplicaId> opening_;         // until the journal knows them
  std::vector<std::unique_ptr<Hosted>> closed_;  // their actors may have messages yet
};

}  // namespace stoa
