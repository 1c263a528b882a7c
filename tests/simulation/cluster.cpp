#include "tests/simulation/cluster.hpp"

#include <algorithm>
#include <cstdlib>

#include "app/node_config.hpp"

namespace stoa::whole {
namespace {

constexpr int64_t kTickMs = 100;
// Of 32 bytes in base64: every machine was given it with its configuration.
constexpr std::string_view kMasterKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

MemoryNetwork::Options network_of(uint64_t seed) {
  SeededRandom random(seed ^ 0x6e65);
  MemoryNetwork::Options options;
  options.seed = random.u64();
  static constexpr int64_t kMostDelay[] = {3, 3, 8, 40, 150};
  options.most_delay_ms = kMostDelay[random.below(std::size(kMostDelay))];
  return options;
}

void write_master_key(Disk& disk) {
  const auto file = disk.create("master.key", kMasterKey.size());
  const bool kept = file.ok() && (*file)->write(0, kMasterKey).ok() && (*file)->sync().ok() && disk.sync_names().ok();
  STOA_CHECK(kept, "a new disk works");
}

}  // namespace

Cluster::Cluster(uint64_t seed, size_t nodes, Plant plant)
    : schedule_(seed), network_(network_of(seed)), plant_(plant) {
  config_.cluster = "simulated";
  config_.replication = 3;
  for (const auto& [service, unused] : default_shards()) {
    config_.shards[service] = static_cast<uint16_t>(1 + schedule_.random().below(2));
  }
  config_.limits.address_per_s = config_.limits.user_per_s = std::nullopt;
  config_.log.level = std::getenv("STOA_SIMULATION_LOG") ? "info" : "error";
  for (size_t i = 0; i < nodes; ++i) {
    NodeConfig node;
    node.name = "n" + std::to_string(i + 1);
    node.host = "192.0.2." + std::to_string(i + 1);
    node.cluster_port = 7070;
    node.data = "/nowhere/" + node.name;
    for (const auto& [service, unused] : config_.shards) node.services.push_back(service);
    machines_.push_back(std::make_unique<Machine>(node.name, i, schedule_, plant));
    config_.nodes.push_back(std::move(node));
  }
  nodes_.resize(nodes);
  lives_.resize(nodes);
  storing_.resize(nodes);
  paused_until_.resize(nodes);
  for (size_t i = 0; i < nodes; ++i) {
    write_master_key(machines_[i]->data);
    start(i);
  }
}

Cluster::~Cluster() {
  asked_.clear();
  nodes_.clear();
}

Node* Cluster::running(size_t number) {
  return schedule_.now_ms() < paused_until_[number] ? nullptr : nodes_[number].get();
}

void Cluster::start(size_t number) {
  if (nodes_[number]) return;
  ++starts_;
  const uint64_t life = ++lives_[number];
  storing_[number] = false;
  paused_until_[number] = 0;
  const NodeWorld world{config_, schedule_, network_, provider_, history_, findings_, plant_};
  nodes_[number] = std::make_unique<Node>(world, *machines_[number], schedule_.random().u64());
  schedule_.after(schedule_.between(1, kTickMs), [this, number, life] { beat(number, life); });
  schedule_.after(schedule_.between(1, 200), [this, number, life] { keep_disks(number, life); });
}

void Cluster::end(size_t number, End how) {
  if (!nodes_[number]) return;
  schedule_.note(number, static_cast<uint64_t>(how));
  if (how == End::kStopped) nodes_[number]->flush_to_the_end();
  nodes_[number].reset();
  ++lives_[number];
  lose_connections(number);
  if (how == End::kPowerCut) machines_[number]->crash(schedule_.random());
  if (how != End::kPowerCut) machines_[number]->lose_memory(schedule_.random());
}

void Cluster::lose_connections(size_t number) {
  std::vector<std::function<void(const Response*)>> lost;
  for (auto it = asked_.begin(); it != asked_.end();) {
    const bool here = it->second.number == number;
    if (here) lost.push_back(std::move(it->second.done));
    it = here ? asked_.erase(it) : std::next(it);
  }
  for (const auto& done : lost) done(nullptr);
}

void Cluster::pause(size_t number, int64_t until_ms) {
  if (!nodes_[number]) return;
  paused_until_[number] = until_ms;
}

void Cluster::wake_all() { std::fill(paused_until_.begin(), paused_until_.end(), 0); }

void Cluster::ask(size_t number, const Question& question, std::function<void(const Response*)> done) {
  if (!nodes_[number]) return schedule_.after(1, [done = std::move(done)] { done(nullptr); });
  const uint64_t id = ++last_asked_;
  asked_[id] = {std::move(done), number};
  if (schedule_.now_ms() < paused_until_[number]) {
    // It reaches the node's socket, and nobody reads it yet.
    const uint64_t life = lives_[number];
    return schedule_.after(paused_until_[number] - schedule_.now_ms(), [this, number, life, id, question] {
      const auto waiting = asked_.find(id);
      if (waiting == asked_.end() || !lives(number, life)) return;
      auto again = std::move(waiting->second.done);
      asked_.erase(waiting);
      ask(number, question, std::move(again));
    });
  }
  whole::ask(nodes_[number]->gateway(), question, machines_[number]->clock.monotonic_ns(),
             [this, id](const Response& response) {
               const auto waiting = asked_.find(id);
               if (waiting == asked_.end()) return;
               const auto then = std::move(waiting->second.done);
               asked_.erase(waiting);
               schedule_.note(simulation::hash_of(response.body), static_cast<uint64_t>(response.status));
               then(&response);
             });
}

// ---- time

void Cluster::beat(size_t number, uint64_t life) {
  if (!lives(number, life)) return;
  if (Node* node = running(number)) node->tick();
  schedule_.after(kTickMs, [this, number, life] { beat(number, life); });
}

void Cluster::keep_disks(size_t number, uint64_t life) {
  if (!lives(number, life)) return;
  if (Node* node = running(number)) {
    if (schedule_.chance(10)) node->hand_state_over(schedule_.chance(50));
    node->flush();
    node->work();
  }
  schedule_.after(schedule_.between(10, 150), [this, number, life] { keep_disks(number, life); });
}

void Cluster::store_soon(size_t number) {
  if (storing_[number]) return;
  storing_[number] = true;
  schedule_.after(schedule_.between(1, machines_[number]->disk_most_ms), [this, number, life = lives_[number]] {
    if (!lives(number, life)) return;
    storing_[number] = false;
    nodes_[number]->store();  // the disk goes on while the process stands still
  });
}

void Cluster::run_nodes() {
  for (size_t i = 0; i < nodes_.size(); ++i) {
    Node* const node = running(i);
    if (node != nullptr && !node->failed() && node->run()) store_soon(i);
    if (nodes_[i] && nodes_[i]->failed()) end(i, End::kPowerCut);
  }
}

void Cluster::run_until(int64_t ms, const std::function<bool()>& done) {
  while (schedule_.now_ms() < ms && !findings_.any() && !done()) {
    const int64_t now = schedule_.now_ms() + 1;
    network_.advance_to(now);
    schedule_.run_until(now, [] { return false; });
    run_nodes();
  }
}

}  // namespace stoa::whole
