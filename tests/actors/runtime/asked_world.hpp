// The world around one part of a shard: keeps what it asks until the test answers, and does nothing by itself.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "actors/runtime/shard_world.hpp"
#include "tests/actors/runtime/manual_clock.hpp"

namespace stoa {

class AskedWorld : public ShardWorld {
 public:
  struct Asked {
    uint16_t service;
    Slot slot;
    Call call;
    std::string command;
    std::string payload;
    OnReply on_reply;

    void answer(Answer a) const { on_reply({std::move(a), false}); }
    void refuse(RefusalKind kind) const { on_reply(runtime_reply(kind, "")); }
  };

  const Clock& clock() const override { return time; }
  Random& random() override { return dice; }
  const ShardCounts& shards() const override { return counts; }
  const std::vector<Subscriber>& subscribers(const std::string&) const override { return nobody_; }
  std::string node_of(GroupId, ReplicaId) const override { return {}; }
  bool storage_low() const override { return false; }
  void wake(Shard&) override {}
  void persist(Shard&, std::vector<JournalRecord>, uint64_t) override {}
  bool early() const override { return false; }
  void when_stored(std::function<void()>) override {}
  void applying(GroupId, const WriteSet&) override {}
  void send(Shard&, ReplicaId, std::string) override {}
  void snapshot_wanted(Shard&, ReplicaId, Index) override {}
  void send_snapshot(Shard&, ReplicaId, std::string, const SnapshotOffer&) override {}
  void install(Shard&, const SnapshotOffer&, std::vector<JournalRecord>, uint64_t) override {}
  Index oldest_snapshot(GroupId) const override { return 0; }
  void trim(GroupId, Index) override {}
  void perform(const Effect&, OnEffect) override {}

  void ask(uint16_t service, Slot slot, Call call, AnyCommand command, OnReply on_reply) override {
    ask_encoded(service, slot, std::move(call), std::string(command.name()), command.encoded(), std::move(on_reply));
  }
  void ask_encoded(uint16_t service, Slot slot, Call call, const std::string& command, const std::string& payload,
                   OnReply on_reply) override {
    asked.push_back({service, slot, std::move(call), command, payload, std::move(on_reply)});
  }

  std::deque<Asked> asked;  // oldest first
  ManualClock time;
  SeededRandom dice{1};
  ShardCounts counts{};

 private:
  std::vector<Subscriber> nobody_;
};

}  // namespace stoa
