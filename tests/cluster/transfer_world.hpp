// One node that has snapshots, some that get them, and links between them that lose, double and delay: stepped by hand,
// decided by a seed.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cluster/snapshot_receiver.hpp"
#include "cluster/snapshot_sender.hpp"
#include "storage/memory_disk.hpp"
#include "tests/storage/snapshot_script.hpp"
#include "tests/storage/steps.hpp"

namespace stoa {

constexpr ReplicaId kLeader = 5;

struct Weather {
  uint64_t loss_percent = 0;
  uint64_t double_percent = 0;
  uint64_t delay_percent = 0;   // of messages that others overtake
  uint64_t garble_percent = 0;  // of chunks with a flipped bit
};

// A node that gets snapshots.
class ReceivingNode final : public SnapshotReceiverPort {
 public:
  explicit ReceivingNode(std::function<void(const TransferMessage&)> answer, TransferLimits limits)
      : answer_(std::move(answer)), receiver_(*this, disk, loop, worker, limits) {}

  void answer(const TransferMessage& message) override { answer_(message); }
  bool hosts(GroupId group, ReplicaId replica) const override { return absent.count({group, replica}) == 0; }
  bool staged(GroupId group, ReplicaId, ReplicaId to, const std::string& consensus) override {
    stepped.emplace_back(group, consensus);
    if (auto found = receiver_.take(group, to, expected)) taken.push_back(std::move(*found));
    return promises;
  }
  void broken(const Error& error) override { fault = error.what; }

  SnapshotReceiver& receiver() { return receiver_; }

  MemoryDisk disk;
  QueueExecutor loop, worker;
  std::set<std::pair<GroupId, ReplicaId>> absent;
  std::string expected;  // the manifest that the core would install
  std::vector<std::pair<GroupId, std::string>> stepped;
  std::vector<StagedSnapshot> taken;
  std::string fault;
  bool disk_waits = false;
  bool promises = false;  // the core takes it, a little later

 private:
  const std::function<void(const TransferMessage&)> answer_;
  SnapshotReceiver receiver_;
};

class TransferWorld final : public SnapshotShelfPort, public SnapshotSenderPort {
 public:
  explicit TransferWorld(uint64_t seed = 1, Weather the_weather = {}, TransferLimits limits = {})
      : weather(the_weather),
        random_(seed),
        limits_(limits),
        shelf(*this, loop, worker),
        sender(*this, shelf, loop, worker, limits) {}

  ReceivingNode& node(ReplicaId replica) {
    auto& node = nodes_[replica];
    if (!node) {
      node = std::make_unique<ReceivingNode>([this](const TransferMessage& m) { put(m.to, false, encode_transfer(m)); },
                                             limits_);
    }
    return *node;
  }

  // SnapshotShelfPort, SnapshotSenderPort
  void take_view(GroupId group, std::function<void(std::unique_ptr<ShardView>)> on_view) override {
    ++views;
    loop.post([this, group, on_view] { on_view(database.view(group.shard).value()); });
  }
  void offer_snapshot(GroupId group, const SnapshotOffer& offer) override { offers.emplace_back(group, offer); }
  bool send(const TransferMessage& message) override {
    if (const auto* chunk = std::get_if<TransferChunk>(&message.body)) {
      ++chunks_sent;
      held_bytes = std::max(held_bytes, chunk->payload.size());
    }
    if (full) return false;
    put(message.to, true, encode_transfer(message));
    return true;
  }
  void report_snapshot(GroupId, ReplicaId to, bool ok) override { reports.emplace_back(to, ok); }

  // A snapshot of the group, offered to a core; the shard was filled before.
  SnapshotOffer offered(GroupId group, ReplicaId follower) {
    const size_t before = offers.size();
    shelf.want(group, follower, 1);
    while (offers.size() == before) step();
    return offers.back().second;
  }

  // One round of everything: executors, then what is under way.
  void step() {
    loop.run();
    worker.run();
    loop.run();
    for (auto& [replica, node] : nodes_) {
      node->loop.run();
      if (!node->disk_waits) node->worker.run();
      node->loop.run();
    }
    deliver();
  }
  void tick() {
    shelf.tick();
    sender.tick();
    for (auto& [replica, node] : nodes_) node->receiver().tick();
    step();
  }
  bool tick_until(const std::function<bool()>& done, int most = 20'000) {
    for (int i = 0; i < most && !done(); ++i) {
      for (int rounds = 0; rounds < 8; ++rounds) step();
      tick();
    }
    return done();
  }

  Weather weather;
  bool full = false;  // nothing leaves the sender
  std::set<ReplicaId> cut;
  MemoryDatabase database;
  QueueExecutor loop, worker;
  size_t views = 0, chunks_sent = 0, held_bytes = 0, most_under_way = 0;
  std::vector<std::pair<GroupId, SnapshotOffer>> offers;
  std::vector<std::pair<ReplicaId, bool>> reports;

 private:
  struct Letter {
    ReplicaId replica;
    bool to_receiver;
    std::string bytes;
  };

  void put(ReplicaId replica, bool to_receiver, std::string bytes) {
    const auto chance = [&](uint64_t percent) { return random_.below(100) < percent; };
    if (cut.count(replica) != 0 || chance(weather.loss_percent)) return;
    if (bytes.size() > 1000 && chance(weather.garble_percent)) {
      const size_t at = 500 + random_.below(bytes.size() - 500);
      bytes[at] = static_cast<char>(bytes[at] ^ 4);
    }
    for (int copies = chance(weather.double_percent) ? 2 : 1; copies > 0; --copies) {
      under_way_.push_back({replica, to_receiver, bytes});
    }
    const auto letters = std::count_if(under_way_.begin(), under_way_.end(),
                                       [](const Letter& l) { return l.to_receiver && l.bytes.size() > 1000; });
    most_under_way = std::max(most_under_way, static_cast<size_t>(letters));
  }
  void deliver() {
    std::vector<Letter> now, later;
    for (Letter& letter : under_way_) {
      (random_.below(100) < weather.delay_percent ? later : now).push_back(std::move(letter));
    }
    under_way_ = std::move(later);
    for (Letter& letter : now) {
      auto message = decode_transfer(letter.bytes);
      if (!message) continue;
      letter.to_receiver ? node(letter.replica).receiver().received(std::move(*message)) : sender.received(*message);
    }
  }

  SeededRandom random_;
  const TransferLimits limits_;
  std::map<ReplicaId, std::unique_ptr<ReceivingNode>> nodes_;
  std::vector<Letter> under_way_;

 public:
  SnapshotShelf shelf;
  SnapshotSender sender;
};

// A shard of the group with records, whose members name the leader and these followers.
inline void fill_group(TransferWorld& world, size_t records, const std::vector<ReplicaId>& followers,
                       Index applied = 100) {
  Members members;
  members.voters = {kLeader};
  members.voters.insert(members.voters.end(), followers.begin(), followers.end());
  fill_shard(world.database, records, 300, applied, applied, members.encode());
}

inline bool holds(StagedSnapshot& staged, Database& source) {
  std::string seen;
  SnapshotStreamReader reader(kSnapshotGroup.shard);
  for (uint64_t i = 0; i < staged.manifest().chunks; ++i) {
    auto payload = staged.chunk(i);
    if (!payload || !reader.take(*payload, [&](auto k, auto v) { seen.append(k).append("=").append(v).append(";"); })) {
      return false;
    }
  }
  return reader.at_end() && seen == shard_content(source);
}

}  // namespace stoa
