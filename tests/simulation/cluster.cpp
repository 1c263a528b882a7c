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

Cluster::Cluster(uint64_t seed, const Shape& shape, Plant plant)
    : schedule_(seed), network_(network_of(seed)), plant_(plant), shape_(shape) {
  configure(shape);
  for (size_t i = 0; i < shape.nodes.size(); ++i) {
    configs_.push_back(std::make_unique<Config>(config_));
    set_up(i);
    start(i);
  }
}

Cluster::~Cluster() {
  asked_.clear();
  operated_.clear();
  nodes_.clear();
}

void Cluster::configure(const Shape& shape) {
  config_.cluster = "simulated";
  config_.replication = 3;
  for (const auto& [service, unused] : default_shards()) {
    config_.shards[service] = static_cast<uint16_t>(1 + schedule_.random().below(2));
  }
  config_.limits.address_per_s = config_.limits.user_per_s = std::nullopt;
  config_.log.level = std::getenv("STOA_SIMULATION_LOG") ? "info" : "error";
  for (size_t i = 0; i < shape.nodes.size(); ++i) config_.nodes.push_back(describe(i, shape.nodes[i]));
}

NodeConfig Cluster::describe(size_t number, ServiceNames services) const {
  NodeConfig node;
  node.name = "n" + std::to_string(number + 1);
  node.host = "192.0.2." + std::to_string(number + 1);
  node.cluster_port = 7070;
  node.data = "/nowhere/" + node.name;
  node.services = std::move(services);
  return node;
}

// The machine that its configuration's place says.
void Cluster::set_up(size_t number) {
  const std::string& name = configs_.at(number)->nodes.at(std::min(number, configs_[number]->nodes.size() - 1)).name;
  machines_.push_back(std::make_unique<Machine>(name, number, schedule_, plant_));
  write_master_key(machines_.back()->data);
  nodes_.resize(machines_.size());
  lives_.resize(machines_.size());
  storing_.resize(machines_.size());
  paused_until_.resize(machines_.size());
}

size_t Cluster::add() {
  const size_t number = machines_.size();
  auto config = std::make_unique<Config>(config_);
  config->nodes.push_back(describe(number, shape_.split ? some_services(schedule_.random()) : shape_.nodes.front()));
  configs_.push_back(std::move(config));
  set_up(number);
  return number;
}

void Cluster::retire(size_t number) {
  STOA_CHECK(!up(number), "whoever takes a node away stops it first");
  retired_.insert(number);
}

void Cluster::take_back(size_t number) {
  STOA_CHECK(retired_.erase(number) == 1, "it was taken away before");
  lose_disk(number);
  other_disks_.erase(number);
}

void Cluster::lose_disk(size_t number) {
  STOA_CHECK(!up(number), "a disk is lost with its node's process");
  auto fresh = std::make_unique<Machine>(name(number), number, schedule_, plant_);
  write_master_key(fresh->data);
  other_disks_[number] = std::move(fresh);
  exchange_disks(number);
}

void Cluster::exchange_disks(size_t number) {
  STOA_CHECK(!up(number), "a disk is exchanged while its node does not run");
  std::swap(machines_[number], other_disks_.at(number));
  machines_[number]->clock.ahead_ms = other_disks_.at(number)->clock.ahead_ms;
}

DataIdentity Cluster::other_disk(size_t number) {
  const auto other = other_disks_.find(number);
  if (other == other_disks_.end()) return {};
  const auto identity = read_identity(other->second->data);
  STOA_CHECK(identity.ok(), "what was written can be read");
  return identity->value_or(DataIdentity{});
}

Node* Cluster::running(size_t number) {
  return schedule_.now_ms() < paused_until_[number] ? nullptr : nodes_[number].get();
}

void Cluster::start(size_t number) {
  if (nodes_[number] || retired(number)) return;
  ++starts_;
  machines_[number]->free_bytes = uint64_t{1} << 40;  // whoever starts a node has made room
  const uint64_t life = ++lives_[number];
  storing_[number] = false;
  paused_until_[number] = 0;
  const NodeWorld world{*configs_[number], schedule_, network_, provider_,
                        history_,          findings_, plant_,   shape_.kept_for_others};
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
  lose_connections(number, asked_);
  lose_connections(number, operated_);
  if (how == End::kPowerCut) machines_[number]->crash(schedule_.random());
  if (how != End::kPowerCut) machines_[number]->lose_memory(schedule_.random());
}

template <class Response>
void Cluster::lose_connections(size_t number, AllAsked<Response>& asked) {
  std::vector<std::function<void(const Response*)>> lost;
  for (auto it = asked.begin(); it != asked.end();) {
    const bool here = it->second.number == number;
    if (here) lost.push_back(std::move(it->second.done));
    it = here ? asked.erase(it) : std::next(it);
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

void Cluster::operate(size_t number, const AdminRequest& request, std::function<void(const AdminResponse*)> done) {
  Node* const node = running(number);
  if (node == nullptr) return done(nullptr);
  const uint64_t id = ++last_asked_;
  operated_[id] = {std::move(done), number};
  for (const AdminRoute& route : node->admin_routes()) {
    if (route.method != request.method || route.path != request.path) continue;
    return route.handle(request, [this, id](const AdminResponse& response) {
      const auto waiting = operated_.find(id);
      if (waiting == operated_.end()) return;
      auto then = std::move(waiting->second.done);
      operated_.erase(waiting);
      // Who hears it may end the node, which is in the midst of its turn.
      schedule_.after(1, [then = std::move(then), response] { then(&response); });
    });
  }
  STOA_CHECK(false, "an operator knows the routes");
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
    if (schedule_.chance(shape_.trims_early() ? 40 : 10)) node->hand_state_over(schedule_.chance(50));
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
