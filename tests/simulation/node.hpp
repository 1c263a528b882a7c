// A whole node in the simulation's one thread: the real services, shards, mesh, cluster agent, shepherd, catalog client
// and gateway over a machine's disks in memory. Whoever steps it decides when its disk is done and when it ticks.
//
// Once it has failed, or is destroyed, nothing that it says counts: as a process that was killed.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "actors/payment/sandbox_provider.hpp"
#include "actors/user/key_ring.hpp"
#include "app/catalog_client.hpp"
#include "app/cluster_agent.hpp"
#include "app/cluster_document.hpp"
#include "app/read_table.hpp"
#include "app/shepherd.hpp"
#include "base/advancing_clock.hpp"
#include "cluster/transport/memory_network.hpp"
#include "tests/simulation/machine.hpp"
#include "tests/simulation/provider.hpp"
#include "tests/simulation/replica_watch.hpp"
#include "tests/storage/steps.hpp"

namespace stoa::whole {

// What a node is started with, and shares with all others but for its configuration.
struct NodeWorld {
  const Config& config;  // of this node
  Schedule& schedule;
  MemoryNetwork& network;
  Provider& provider;
  ReplicaHistory& history;
  Findings& findings;
  Plant plant;
  Index kept_for_others;
};

class Node final : public NodeBackend, private TransportPort {
 public:
  Node(NodeWorld world, Machine& machine, uint64_t seed);
  ~Node() override;

  // Runs what is ready; false when there was nothing.
  bool run();
  void tick();                         // every 100 ms
  void store();                        // a turn of the journal
  void flush();                        // a step of the state's flusher
  void work();                         // what waits for the disk beside them
  void hand_state_over(bool durable);  // before its age
  void flush_to_the_end();             // as a clean stop does
  bool hand_over_leads() { return host_->hand_over_leads(); }
  void look_at_all() { watch_.look_at_all(*host_); }

  void begin_to_stop() { stopping_ = true; }
  bool failed() const { return failed_; }  // its disk did: the process has stopped
  RequestHandler& gateway() { return gateway_->handler(); }
  std::vector<AdminRoute> admin_routes() { return catalog_->admin_routes(); }
  const Directory& directory() const { return agent_->directory(); }

  // NodeBackend
  ShardHost& host() override { return *host_; }
  Mesh& mesh() override { return mesh_; }
  Transport* transport() override { return end_.get(); }
  NodeData& data() override { return data_; }
  const ShardCounts& counts() const override { return counts_; }
  const Clock& clock() const override { return clock_; }
  Random& random() override { return random_; }

 private:
  // A tick of the network is a turn of the loop.
  void peer_up(const std::string& node, const Hello& hello) override;
  void peer_down(const std::string& node) override;
  void received(const std::string& node, std::string parcel) override;

  void open_data();
  void boot(uint64_t seed);
  void join();
  void open_gateway();
  std::map<std::string, EffectAdapter> adapters();
  void later(int64_t ms, std::function<void()> work);

  const NodeWorld world_;
  Machine& machine_;
  const NodeConfig& config_;
  AdvancingClock clock_;
  SeededRandom random_;
  const std::vector<Service> services_;
  ShardCounts counts_{};
  NodeData data_;
  FreeSpace space_;
  Loop loop_;
  Mesh mesh_;
  JournalWriter writer_;
  StateFlusher flusher_;
  QueueExecutor worker_;
  ProbeRegistry probes_;
  std::vector<std::unique_ptr<Database>> damaged_;
  std::multimap<int64_t, std::function<void()>> delayed_;  // of the payment provider, by ms
  SandboxProvider sandbox_;
  ReplicaWatch watch_;
  user::KeyRing keys_;
  std::unique_ptr<ReadTable> read_table_;
  std::unique_ptr<ShardHost> host_;
  std::unique_ptr<Authenticator> authenticator_;
  Metrics metrics_;
  std::unique_ptr<CatalogClient> catalog_;
  std::unique_ptr<ClusterAgent> agent_;
  std::unique_ptr<ClusterStatus> status_;
  std::unique_ptr<Shepherd> shepherd_;
  std::unique_ptr<Router> planted_;
  std::unique_ptr<Gateway> gateway_;
  std::unique_ptr<Transport> end_;
  bool stopping_ = false;
  bool failed_ = false;
};

}  // namespace stoa::whole
