#include "actors/runtime/shard_host.hpp"

#include <algorithm>

#include "cluster/snapshot_recovery.hpp"
#include "storage/staged_snapshot.hpp"
#include "storage/state_wipe.hpp"

namespace stoa {

ShardHost::ShardHost(HostParts parts) : parts_(std::move(parts)), unit_(parts_.loop, parts_.system) {}
ShardHost::~ShardHost() = default;

Result<std::unique_ptr<ShardHost>> ShardHost::start(HostParts parts) {
  std::unique_ptr<ShardHost> host(new ShardHost(std::move(parts)));
  host->connect();
  if (auto begun = host->begin_groups(); !begun) return begun.error();
  for (const auto& [group, birth] : host->parts_.replicas) {
    if (auto recovered = host->recover(group, birth.id); !recovered) return recovered.error();
    if (auto booted = host->boot(group, birth); !booted) return booted.error();
  }
  if (host->parts_.staging != nullptr) {
    if (auto cleared = clear_staging(*host->parts_.staging); !cleared) return cleared.error();
  }
  return host;
}

// The tables that carry messages between services, and the actor that carries them.
void ShardHost::connect() {
  directory_.counts = parts_.counts;
  for (const Service& service : parts_.services) {
    const auto port = ports_.emplace(service.number, service.make_port()).first;
    directory_.ports[service.number] = port->second.get();
    directory_.commands[service.number] = &service.commands;
    for (const Subscription& s : service.subscriptions) {
      subscribers_[std::string(s.fact)].push_back({service.number, s.command});
    }
  }
  courier_probe_ = std::make_unique<Probe>(parts_.probes, "courier", "", -1);
  const auto courier = parts_.system.spawn<Courier, caf::lazy_init>(std::ref(unit_), std::ref(*courier_probe_));
  courier_ = caf::actor_cast<caf::strong_actor_ptr>(courier);
  router_ = std::make_unique<ActorRouter>(directory_, courier_, parts_.clock, parts_.random);
  world_ = std::make_unique<LoopWorld>(LoopWorld::Parts{parts_.loop, *router_, parts_.journal, parts_.writer,
                                                        parts_.clock, parts_.random, subscribers_, parts_.adapters,
                                                        parts_.space, parts_.on_applying, parts_.mesh, parts_.early});
  directory_.mesh = parts_.mesh;
  if (parts_.mesh != nullptr) connect_mesh();
  if (parts_.mesh != nullptr && parts_.staging != nullptr) open_desk();
}

// What other nodes say to the shards here.
void ShardHost::connect_mesh() {
  parts_.mesh->on_raft([this](const std::string& node, const RaftItem& item) { world_->step(node, item); });
  // Whoever followed a leader there need not wait until it has been silent for an election timeout.
  parts_.mesh->on_down([this](const std::string& node) {
    for (const auto& hosted : shards_) {
      const ReplicaId leader = hosted->shard->replica().leader();
      if (leader != 0 && world_->node_of(hosted->group, leader) == node) hosted->shard->unreachable(leader);
    }
  });
  parts_.mesh->on_request([this](GroupId group, Call call, const std::string& command, const std::string& payload,
                                 ShardWorld::OnReply on_reply) {
    const auto commands = directory_.commands.find(group.service);
    const auto* entry = commands == directory_.commands.end() ? nullptr : commands->second->find(command);
    auto revived = entry == nullptr ? std::nullopt : entry->revive(payload);
    if (!revived || directory_.here.count(group) == 0) return on_reply(runtime_reply(kNotLeader, ""));
    router_->call_here(group, std::move(call), std::move(*revived), std::move(on_reply));
  });
}

void ShardHost::open_desk() {
  desk_ = std::make_unique<SnapshotDesk>(
      SnapshotDesk::Parts{parts_.loop, *parts_.mesh, *parts_.worker, *parts_.staging, parts_.databases,
                          [this](GroupId group) { return world_->find(group); },
                          [this](GroupId group, ReplicaId replica) { return world_->node_of(group, replica); }});
  world_->set_desk(*desk_);
}

// What the journal does not know is written there, whole and synced, before anything else is.
Result<void> ShardHost::begin_groups() {
  const std::vector<GroupId> known = parts_.journal.groups();
  std::vector<JournalRecord> births;
  for (const GroupId group : known) {  // of a replica that was closed, if a crash came between
    if (parts_.replicas.count(group) == 0) births.push_back({group, 0, Reset{0, 0}});
  }
  for (const auto& [group, birth] : parts_.replicas) {
    if (std::find(known.begin(), known.end(), group) != known.end()) continue;
    for (JournalRecord& record : ReplicaBoot::first_records(group, birth)) births.push_back(std::move(record));
  }
  return births.empty() ? Result<void>{} : parts_.journal.append(births, true);
}

void ShardHost::open(GroupId group, ReplicaBirth birth, std::function<void(Result<void>)> done) {
  opening_[group] = birth.id;
  parts_.writer.submit(ReplicaBoot::first_records(group, birth), true, parts_.loop,
                       [this, group, birth, done = std::move(done)] {
                         const auto opening = opening_.find(group);
                         if (opening == opening_.end() || opening->second != birth.id) return;  // closed meanwhile
                         opening_.erase(opening);
                         done(boot(group, birth));
                       });
}

void ShardHost::close(GroupId group) {
  const auto at = std::find_if(shards_.begin(), shards_.end(), [&](const auto& h) { return h->group == group; });
  if (at == shards_.end()) {
    if (opening_.erase(group) != 0) parts_.writer.submit({{group, 0, Reset{0, 0}}}, true, parts_.loop, [] {});
    return;
  }
  std::unique_ptr<Hosted> hosted = std::move(*at);
  shards_.erase(at);
  directory_.here.erase(group);
  hosted->shard->stop();
  hosted->shard->turn();
  world_->remove(*hosted->shard);
  caf::anon_send_exit(caf::actor_cast<caf::actor>(hosted->actor), caf::exit_reason::user_shutdown);
  hosted->actor = nullptr;
  parts_.writer.submit({{group, 0, Reset{0, 0}}}, true, parts_.loop, [] {});
  hosted->state.reset();  // a shard without turns does not look at it, and the next replica brings its own
  parts_.flusher.submit(
      std::make_unique<StateWipe>(*parts_.databases.at(group.service), group, hosted->shard->replica().id()));
  closed_.push_back(std::move(hosted));
}

const Service* ShardHost::service_of(GroupId group) const {
  for (const Service& service : parts_.services) {
    if (service.number == group.service) return &service;
  }
  return nullptr;
}

Result<void> ShardHost::recover(GroupId group, ReplicaId replica) {
  if (parts_.staging == nullptr) return {};
  return parts_.flusher.run_alone([&] {
    return recover_install(group, replica, *parts_.databases.at(group.service), parts_.journal, *parts_.staging);
  });
}

Result<void> ShardHost::boot(GroupId group, const ReplicaBirth& birth) {
  const ReplicaId replica = birth.id;
  const Service* const found = service_of(group);
  STOA_CHECK(found != nullptr, "a replica is of a service of this program");
  const Service& service = *found;
  auto hosted = std::make_unique<Hosted>();
  Hosted* const raw = hosted.get();
  hosted->service = &service;
  hosted->group = group;
  hosted->state = std::make_unique<ShardState>(*parts_.databases.at(group.service), parts_.flusher, group, replica,
                                               parts_.loop, [raw] {
                                                 if (raw->shard) raw->shard->state_durable();
                                               });
  const ShardMark mark = hosted->state->found();
  Members members;
  members.voters = birth.voters;
  if (!mark.members.empty() && !Members::decode(mark.members, members)) {
    return Error{"the members stored with shard " + std::string(service.name) + "/" + std::to_string(group.shard) +
                 " do not decode"};
  }
  const Index old = trimmable(mark.applied, members, replica, parts_.kept_for_others);
  if (old > 0) parts_.journal.trim(group, old);
  auto log = parts_.journal.recover(group);
  if (!log) return log.error();
  STOA_CHECK(log->has_value(), "a group was born before it boots");

  ReplicaBoot boot;
  boot.group = group;
  boot.seed = parts_.seed;
  boot.log = std::move(**log);
  boot.applied = {mark.term, mark.applied};
  boot.members = std::move(members);
  boot.kept_for_others = parts_.kept_for_others;
  hosted->state->set_members(boot.members.encode());
  hosted->shard = std::make_unique<Shard>(service, std::move(boot), *hosted->state, *world_);
  const std::string name = std::string(service.name) + "/" + std::to_string(group.shard);
  hosted->probe = std::make_unique<Probe>(parts_.probes, name, std::string(service.name), group.shard);
  hosted->actor = ports_.at(group.service)->spawn(unit_, *hosted->probe, *hosted->shard);
  directory_.here[group] = hosted->actor;
  if (parts_.on_open) parts_.on_open(*hosted);
  world_->add(*hosted->shard);
  world_->wake(*hosted->shard);
  shards_.push_back(std::move(hosted));
  return {};
}

void ShardHost::tick() { world_->tick(); }

ShardHost::Hosted* ShardHost::find(GroupId group) {
  const auto at = std::find_if(shards_.begin(), shards_.end(), [&](const auto& h) { return h->group == group; });
  return at == shards_.end() ? nullptr : at->get();
}

void ShardHost::placed(const Directory& directory) {
  world_->placed(directory);
  if (parts_.mesh != nullptr) parts_.mesh->leaders().placed(directory);
}

bool ShardHost::hand_over_leads() {
  bool any = false;
  for (auto& hosted : shards_) {
    const ReplicaId heir = hosted->shard->heir();
    if (heir == 0) continue;
    hosted->shard->transfer_lead(heir);
    any = true;
  }
  return any;
}

void ShardHost::stop() {
  world_->stop();
  for (auto& hosted : shards_) {
    hosted->shard->stop();
    hosted->shard->turn();
    hosted->state->hand_over(true);
  }
  for (auto& hosted : shards_) {
    caf::anon_send_exit(caf::actor_cast<caf::actor>(hosted->actor), caf::exit_reason::user_shutdown);
    hosted->actor = nullptr;
  }
  directory_.here.clear();
  caf::anon_send_exit(caf::actor_cast<caf::actor>(courier_), caf::exit_reason::user_shutdown);
}

bool ShardHost::all_lead() const {
  return std::all_of(shards_.begin(), shards_.end(), [](const auto& h) { return h->shard->gauges().leads.load(); });
}

}  // namespace stoa
