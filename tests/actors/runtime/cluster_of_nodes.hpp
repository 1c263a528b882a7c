// Several nodes in one thread: the real shards, actors, router and mesh over in-memory disks and links, stepped by
// hand. A node may be killed (what was not synced is gone), started again, or cut off from another.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "actors/runtime/mesh.hpp"
#include "actors/runtime/shard_host.hpp"
#include "cluster/placement.hpp"
#include "storage/memory_database.hpp"
#include "storage/memory_disk.hpp"
#include "storage/memory_journal.hpp"
#include "tests/actors/runtime/counter_service.hpp"
#include "tests/actors/runtime/manual_clock.hpp"
#include "tests/storage/steps.hpp"

namespace stoa {

// Links between the nodes: in order, nothing lost while both ends are up and not cut off.
class Links {
 public:
  class End final : public Transport {
   public:
    End(Links& links, std::string node) : links_(links), node_(std::move(node)) {}
    bool send(const std::string& to, std::string parcel) override {
      if (!links_.linked(node_, to)) return false;
      links_.under_way_.push_back({node_, to, std::move(parcel)});
      return true;
    }
    std::vector<PeerStatus> peers() const override { return {}; }
    void set_peers(std::vector<PeerAddress>) override {}
    void close() override {}

   private:
    Links& links_;
    const std::string node_;
  };

  void up(const std::string& node, TransportPort& port) {
    ports_[node] = &port;
    for (const auto& [other, unused] : ports_) meet(node, other);
  }
  void down(const std::string& node) {
    for (const auto& [other, unused] : std::map<std::string, TransportPort*>(ports_)) part(node, other);
    ports_.erase(node);
  }
  void cut(const std::string& a, const std::string& b) {
    part(a, b);
    cut_.insert({std::min(a, b), std::max(a, b)});
  }
  void heal() {
    const auto cut = std::exchange(cut_, {});
    for (const auto& [a, b] : cut) meet(a, b);
  }

  // Delivers what is under way now; false when there was nothing.
  bool step() {
    auto now = std::exchange(under_way_, {});
    for (Parcel& p : now) {
      if (linked(p.from, p.to)) ports_.at(p.to)->received(p.from, std::move(p.bytes));
    }
    return !now.empty();
  }

 private:
  struct Parcel {
    std::string from, to, bytes;
  };
  bool linked(const std::string& a, const std::string& b) const {
    return ports_.count(a) && ports_.count(b) && !cut_.count({std::min(a, b), std::max(a, b)});
  }
  void meet(const std::string& a, const std::string& b) {
    if (a == b || !linked(a, b)) return;
    ports_.at(a)->peer_up(b, {});
    ports_.at(b)->peer_up(a, {});
  }
  void part(const std::string& a, const std::string& b) {
    if (a == b || !linked(a, b)) return;
    for (auto it = under_way_.begin(); it != under_way_.end();) {
      const bool between = (it->from == a && it->to == b) || (it->from == b && it->to == a);
      it = between ? under_way_.erase(it) : std::next(it);
    }
    ports_.at(a)->peer_down(b);
    ports_.at(b)->peer_down(a);
  }

  std::map<std::string, TransportPort*> ports_;
  std::set<std::pair<std::string, std::string>> cut_;
  std::deque<Parcel> under_way_;
};

// What outlives a crash of a node.
struct NodeDisk {
  MemoryJournal journal;
  MemoryDatabase database;
  MemoryDisk staging;
};

class LinkedNode {
 public:
  LinkedNode(std::string name, NodeDisk& disk, const Directory& directory, uint16_t shards, Links& links,
             ManualClock& clock, uint64_t seed)
      : random_(seed),
        system_(config()),
        writer_(disk.journal, clock),
        flusher_(clock),
        mesh_(loop_, clock, name),
        end_(links, name),
        links_(links) {
    services_.push_back(counter::make_service());
    HostParts parts{system_, loop_,     disk.journal, writer_, flusher_, clock, random_,
                    probes_, services_, {},           {},      {},       {},    seed};
    parts.databases[counter::kNumber] = &disk.database;
    parts.counts[counter::kNumber] = shards;
    parts.mesh = &mesh_;
    parts.staging = &disk.staging;
    parts.worker = &worker_;
    for (const DirectoryGroup& group : directory.groups) {
      ReplicaBirth birth;
      for (const auto* replicas : {&group.replicas, &group.leaving}) {
        for (const DirectoryReplica& replica : *replicas) {
          birth.voters.push_back(replica.id);
          if (replica.node == name) birth.id = replica.id;
        }
      }
      std::sort(birth.voters.begin(), birth.voters.end());
      if (birth.id != 0 && group.service != 0) parts.replicas[group.id()] = birth;
    }
    host_ = std::move(ShardHost::start(std::move(parts))).value();
    host_->placed(directory);
    mesh_.attach(&end_);
    links_.up(name, mesh_);
  }

  ~LinkedNode() {
    links_.down(mesh_.own_node());
    mesh_.attach(nullptr);
    host_->stop();
    while (loop_.poll()) continue;
    while (system_.registry().running() > 0 && loop_.poll()) continue;
    loop_.poll();
  }

  bool step() {
    const bool moved = loop_.poll();
    const auto journal = writer_.step();
    const auto flusher = flusher_.step();
    const bool worked = !worker_.empty();
    worker_.run();
    return (journal.ok() && *journal) || (flusher.ok() && *flusher) || worked || moved;
  }

  ShardHost& host() { return *host_; }
  Mesh& mesh() { return mesh_; }

 private:
  static caf::actor_system_config& config() {
    static thread_local std::vector<std::unique_ptr<caf::actor_system_config>> configs;
    caf::actor_system_config& config = *configs.emplace_back(std::make_unique<caf::actor_system_config>());
    config.add_message_types<caf::id_block::stoa_runtime>();
    config.add_message_types<caf::id_block::counter>();
    config.set("scheduler.policy", caf::atom("sharing"));
    config.set("scheduler.max-threads", 1u);
    return config;
  }

  SeededRandom random_;
  Loop loop_;
  caf::actor_system system_;
  JournalWriter writer_;
  StateFlusher flusher_;
  QueueExecutor worker_;
  ProbeRegistry probes_;
  std::vector<Service> services_;
  Mesh mesh_;
  Links::End end_;
  Links& links_;
  std::unique_ptr<ShardHost> host_;
};

class ClusterOfNodes {
 public:
  static constexpr uint16_t kShards = 2;

  explicit ClusterOfNodes(int count, uint64_t seed = 1) : seed_(seed) {
    SeededRandom random(seed);
    std::vector<DirectoryNode> named;
    for (int i = 1; i <= count; ++i) {
      DirectoryNode node;
      node.name = "n" + std::to_string(i);
      node.services = {"counter"};
      named.push_back(node);
    }
    directory = plan_cluster("test", 3, named, {{"counter", counter::kNumber, kShards}}, {}, random);
    for (const DirectoryNode& node : named) start(node.name);
  }

  ~ClusterOfNodes() { nodes.clear(); }  // before their disks

  void start(const std::string& name) {
    if (disks_.count(name) == 0) disks_[name] = std::make_unique<NodeDisk>();
    nodes[name] = std::make_unique<LinkedNode>(name, *disks_.at(name), directory, kShards, links, clock, ++seed_);
  }
  // As by kill -9 and a power cut at once.
  void kill(const std::string& name) {
    links.down(name);
    nodes.erase(name);
    SeededRandom random(++seed_);
    disks_.at(name)->journal.crash(random);
    disks_.at(name)->database.crash(random);
    disks_.at(name)->staging.crash(random);
  }

  void run_until(const std::function<bool()>& done) {
    for (int rounds = 0; !done(); ++rounds) {
      STOA_CHECK(rounds < 100'000, "the condition comes true");
      step();
    }
  }
  // A round of everything; lets time pass where nothing is left to do.
  void step() {
    bool moved = links.step();
    for (auto& [name, node] : nodes) moved = node->step() || moved;
    if (moved) return;
    clock.advance_ms(100);
    for (auto& [name, node] : nodes) node->host().tick();
  }

  // The node that leads, in its own view and ready; empty: none.
  std::string leader(uint16_t shard) {
    for (auto& [name, node] : nodes) {
      for (const auto& hosted : node->host().shards()) {
        if (hosted->group == GroupId{counter::kNumber, shard} && hosted->shard->leads()) return name;
      }
    }
    return {};
  }

  template <class C>
  std::optional<Answer> call(const std::string& via, Slot slot, C command, Call call = {}) {
    std::optional<Answer> answer;
    if (call.deadline.ms == 0) call.deadline = after(clock.now(), 10'000);
    nodes.at(via)->host().router().call(counter::kNumber, slot, std::move(call), AnyCommand::of(std::move(command)),
                                        [&](Answer a, bool) { answer = std::move(a); });
    run_until([&] { return answer.has_value(); });
    return answer;
  }

  NodeDisk& disk(const std::string& name) { return *disks_.at(name); }

  ManualClock clock;
  Links links;
  Directory directory;
  std::map<std::string, std::unique_ptr<LinkedNode>> nodes;

 private:
  uint64_t seed_;
  std::map<std::string, std::unique_ptr<NodeDisk>> disks_;
};

}  // namespace stoa
