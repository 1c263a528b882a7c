// Everything behind the gateway on one node: journal, state databases, the loop and its shards, and the threads that
// serve them. Opened on a data directory, started, stopped; a kill in between loses nothing that was acknowledged.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "actors/runtime/loop_world.hpp"
#include "actors/runtime/mesh.hpp"
#include "actors/runtime/service.hpp"
#include "app/node_backend.hpp"
#include "base/advancing_clock.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "cluster/loop.hpp"
#include "cluster/probe.hpp"
#include "cluster/transport.hpp"

namespace stoa {

class ShardHost;
struct HostedShard;
struct TransportOptions;

class Backend final : public NodeBackend {
 public:
  // Each runs on the thread whose steps it counts.
  struct Observers {
    std::function<void(const JournalTurn&)> on_turn;
    std::function<void(const FlusherStep&)> on_flush;
  };

  // Opens and recovers the journal and the databases in the data directory; blocks. `services` outlives the backend.
  // `links`: link() will be called. `observers` may be empty.
  static Result<std::unique_ptr<Backend>> open(const Config& config, const NodeConfig& node, NodeData data,
                                               const std::vector<Service>& services, bool links, Observers observers);
  ~Backend() override;

  Loop& loop() { return loop_; }
  ProbeRegistry& probes() { return probes_; }
  const Clock& clock() const override { return clock_; }
  Random& random() override { return random_; }
  const ShardCounts& counts() const override { return counts_; }
  const std::string& directory() const { return directory_; }

  struct Hooks {
    std::map<std::string, EffectAdapter> adapters;  // every effect of the services
    OnApplying on_applying;
    std::function<void(HostedShard&)> on_open;  // with each replica, before it takes part
    std::function<void()> on_tick;              // on the loop, ten times a second
  };
  // Boots the replicas that the data directory knows.
  Result<void> boot(Hooks hooks);
  // Opens the cluster port: the other nodes can be met from here on. After boot(), before run() or on the loop.
  Result<void> link(TransportOptions options);
  // nullptr before link().
  Transport* transport() override;
  Mesh& mesh() override { return mesh_; }
  NodeData& data() override;
  Router& router();
  ShardHost& host() override { return *host_; }
  bool storage_low() const;  // clients are refused what would be written here

  // Runs the loop on the calling thread until close() is through.
  void run();
  // On the loop, once: answers what waits, ends the actors, makes all state durable, and lets run() return.
  void close();

 private:
  struct Storage;
  Backend(const NodeConfig& node, const Config& config, const std::vector<Service>& services, bool links,
          Observers observers);
  Result<void> open_storage(NodeData data);
  void tick();
  void make_journal_room();

  const std::string directory_;
  const std::vector<Service>& services_;
  const Observers observers_;
  const bool alone_;  // no other node can reach this one
  Hooks hooks_;
  ShardCounts counts_{};
  SystemClock machine_clock_;
  AdvancingClock clock_{machine_clock_};
  SystemRandom random_;  // of the loop's thread
  ProbeRegistry probes_;
  Loop loop_;
  Mesh mesh_;
  std::map<GroupId, ReplicaBirth> replicas_;
  std::unique_ptr<Storage> storage_;
  std::unique_ptr<ShardHost> host_;
  uint64_t room_wanted_at_bytes_ = 0;
  Time make_room_again_at_;
  std::thread closer_;
};

}  // namespace stoa
