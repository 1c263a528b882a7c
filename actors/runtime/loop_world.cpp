#include "actors/runtime/loop_world.hpp"

#include <algorithm>
#include <iterator>

namespace stoa {

LoopWorld::LoopWorld(Parts parts) : parts_(std::move(parts)), bundler_(parts_.router) {
  parts_.loop.each_round([this] { return run_awake(); });
  parts_.loop.each_end([this] { hand_over(); });
}

void LoopWorld::tick() {
  for (Shard* shard : shards_) shard->tick();
  if (desk_ != nullptr) desk_->tick();
  parts_.router.tick();
}

const std::vector<Subscriber>& LoopWorld::subscribers(const std::string& fact) const {
  static const std::vector<Subscriber> kNone;
  const auto found = parts_.subscribers.find(fact);
  return found == parts_.subscribers.end() ? kNone : found->second;
}

void LoopWorld::remove(Shard& shard) {
  const auto drop = [&](std::vector<Shard*>& from) {
    from.erase(std::remove(from.begin(), from.end(), &shard), from.end());
  };
  drop(shards_);
  drop(awake_);
  removed_.push_back(&shard);
  const auto is_its = [&](const JournalRecord& record) { return record.group == shard.group(); };
  records_.erase(std::remove_if(records_.begin(), records_.end(), is_its), records_.end());
}

bool LoopWorld::is_removed(const Shard& shard) const {
  return std::find(removed_.begin(), removed_.end(), &shard) != removed_.end();
}

void LoopWorld::wake(Shard& shard) {
  if (is_removed(shard)) return;
  if (std::find(awake_.begin(), awake_.end(), &shard) != awake_.end()) return;
  awake_.push_back(&shard);
  parts_.loop.arm();
}

bool LoopWorld::run_awake() {
  running_.swap(awake_);
  for (Shard* shard : running_) shard->turn();
  const bool any = !running_.empty();
  running_.clear();
  return bundler_.flush() || any;
}

void LoopWorld::persist(Shard& shard, std::vector<JournalRecord> records, uint64_t ticket) {
  if (is_removed(shard)) return;
  std::move(records.begin(), records.end(), std::back_inserter(records_));
  tickets_.emplace_back(&shard, ticket);
}

void LoopWorld::hand_over() {
  if (tickets_.empty() || stopped_) return;
  auto tickets = std::make_shared<std::vector<std::pair<Shard*, uint64_t>>>(std::move(tickets_));
  tickets_.clear();
  ++handed_over_;
  parts_.writer.submit(std::move(records_), true, parts_.loop, [this, tickets] { stored(*tickets); });
  records_.clear();
}

void LoopWorld::stored(const std::vector<std::pair<Shard*, uint64_t>>& tickets) {
  for (const auto& [shard, ticket] : tickets) shard->stored(ticket);
  ++stored_;
  while (!when_stored_.empty() && when_stored_.front().first <= stored_) {
    const auto then = std::move(when_stored_.front().second);
    when_stored_.pop_front();
    then();
  }
}

void LoopWorld::when_stored(std::function<void()> then) {
  const uint64_t turn = handed_over_ + (tickets_.empty() ? 0 : 1);
  if (turn == stored_) return parts_.loop.post(std::move(then));
  when_stored_.emplace_back(turn, std::move(then));
}

std::string LoopWorld::node_of(GroupId group, ReplicaId replica) const {
  const auto route = routes_.find({group, replica});
  return route == routes_.end() ? std::string() : route->second;
}

void LoopWorld::send(Shard& shard, ReplicaId to, std::string message) {
  const auto route = routes_.find({shard.group(), to});
  if (route == routes_.end() || parts_.mesh == nullptr) return;
  parts_.mesh->raft(route->second, {shard.group().value(), shard.replica().id(), to, std::move(message)});
}

Shard* LoopWorld::find(GroupId group) const {
  const auto found =
      std::find_if(shards_.begin(), shards_.end(), [&](const Shard* shard) { return shard->group() == group; });
  return found == shards_.end() ? nullptr : *found;
}

void LoopWorld::snapshot_wanted(Shard& shard, ReplicaId follower, Index at_least) {
  if (desk_ != nullptr) desk_->wanted(shard, follower, at_least);
}

void LoopWorld::send_snapshot(Shard& shard, ReplicaId to, std::string message, const SnapshotOffer& offer) {
  STOA_CHECK(desk_ != nullptr, "who offered a snapshot sends it");
  desk_->send(shard, to, std::move(message), offer);
}

void LoopWorld::install(Shard& shard, const SnapshotOffer& offer, std::vector<JournalRecord> records, uint64_t ticket) {
  STOA_CHECK(desk_ != nullptr, "who installs a snapshot has received it");
  desk_->install(shard, offer, [this, &shard, records = std::move(records), ticket] {
    persist(shard, records, ticket);
    parts_.loop.arm();
  });
}

void LoopWorld::step(const std::string& from_node, const RaftItem& item) {
  const GroupId group = GroupId::from_value(item.group);
  // A replica that the directory names no more is still answered, until it is gone.
  routes_[{group, item.from}] = from_node;
  for (Shard* shard : shards_) {
    if (shard->group() == group && shard->replica().id() == item.to) return shard->step(item.from, item.message);
  }
}

void LoopWorld::placed(const Directory& directory) {
  for (const DirectoryGroup& group : directory.groups) {
    // Who is leaving may be asked for its vote, by one that has not heard of its removal or has forgotten it.
    for (const auto* replicas : {&group.replicas, &group.leaving}) {
      for (const DirectoryReplica& replica : *replicas) routes_[{group.id(), replica.id}] = replica.node;
    }
  }
}

const CommandTable::Entry& LoopWorld::entry_of(uint16_t service, std::string_view command) const {
  const CommandTable::Entry* entry = parts_.router.directory().commands.at(service)->find(command);
  STOA_CHECK(entry != nullptr, "sagas and outbox rows name commands of their receivers");
  return *entry;
}

void LoopWorld::ask(uint16_t service, Slot slot, Call call, AnyCommand command, OnReply on_reply) {
  if (entry_of(service, command.name()).kind != CommandTable::Entry::Kind::kRule)
    return parts_.router.try_once(service, slot, std::move(call), std::move(command), std::move(on_reply));
  bundler_.ask(service, slot, std::move(call), std::move(command), std::move(on_reply));
  parts_.loop.arm();
}

void LoopWorld::ask_encoded(uint16_t service, Slot slot, Call call, const std::string& command,
                            const std::string& payload, OnReply on_reply) {
  const CommandTable::Entry& entry = entry_of(service, command);
  if (entry.kind == CommandTable::Entry::Kind::kRule) {
    bundler_.ask_encoded(service, slot, std::move(call), command, payload, std::move(on_reply));
    return parts_.loop.arm();
  }
  auto revived = entry.revive(payload);
  STOA_CHECK(revived.has_value(), "a stored command decodes");
  parts_.router.try_once(service, slot, std::move(call), std::move(*revived), std::move(on_reply));
}

void LoopWorld::perform(const Effect& effect, OnEffect on_effect) {
  const auto adapter = parts_.adapters.find(effect.adapter);
  STOA_CHECK(adapter != parts_.adapters.end(), "an effect names an adapter of the program");
  adapter->second(effect.key, effect.request, std::move(on_effect));
}

}  // namespace stoa
