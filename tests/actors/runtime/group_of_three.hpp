// Three shards of one group in one thread: their disks store when the test steps, their messages arrive unless the test
// cuts the line. What a shard asks of other shards stays unanswered until the test answers it.
#pragma once

#include <algorithm>
#include <array>
#include <deque>
#include <memory>
#include <set>
#include <utility>

#include "actors/runtime/shard.hpp"
#include "cluster/loop.hpp"
#include "storage/memory_database.hpp"
#include "storage/memory_journal.hpp"
#include "tests/actors/runtime/asked_world.hpp"
#include "tests/actors/runtime/counter_service.hpp"

namespace stoa {

class GroupOfThree {
 public:
  static constexpr GroupId kGroup{counter::kNumber, 0};

  class Member final : public AskedWorld {
   public:
    Member(GroupOfThree& group, ReplicaId own_id)
        : id(own_id), flusher_(time), state_(database_, flusher_, kGroup, id, group.loop_, [] {}) {
      MemoryJournal journal;
      STOA_CHECK(journal.append(ReplicaBoot::birth_records(kGroup, id), true).ok(), "the journal works");
      ReplicaBoot boot;
      boot.group = kGroup;
      boot.seed = 1;
      boot.log = *journal.recover(kGroup).value();
      boot.members.voters = {1, 2, 3};
      shard.emplace(group.service_, std::move(boot), state_, *this);
    }
    void persist(Shard&, std::vector<JournalRecord>, uint64_t ticket) override { tickets.push_back(ticket); }
    void send(Shard&, ReplicaId to, std::string message) override { sent.emplace_back(to, std::move(message)); }
    // All that it has applied becomes durable, and it hears of that.
    void make_durable(GroupOfThree& group) {
      state_.hand_over(true);
      STOA_CHECK(flusher_.finish().ok(), "the database works");
      group.run();
      shard->state_durable();
    }
    Reader reader() const { return Reader(state_, kGroup.shard, time.now()); }

    const ReplicaId id;

   private:
    MemoryDatabase database_;
    StateFlusher flusher_;
    ShardState state_;

   public:
    std::deque<uint64_t> tickets;  // not stored yet
    std::deque<std::pair<ReplicaId, std::string>> sent;
    std::optional<Shard> shard;
  };

  GroupOfThree() {
    for (ReplicaId id = 1; id <= 3; ++id) members_[id - 1] = std::make_unique<Member>(*this, id);
  }

  Member& member(ReplicaId id) { return *members_[id - 1]; }
  // Nothing goes to or from it any more.
  void cut(ReplicaId id) { cut_.insert(id); }
  void mend() { cut_.clear(); }

  // Everything that was sent is delivered, everything stored, until nothing moves.
  void run() {
    for (bool moved = true; moved;) {
      moved = loop_.poll();
      for (auto& m : members_) {
        m->shard->turn();
        moved = deliver(*m) || moved;
        for (; !m->tickets.empty(); m->tickets.pop_front(), moved = true) m->shard->stored(m->tickets.front());
        m->shard->turn();
      }
    }
  }
  void tick() {
    for (auto& m : members_) {
      m->time.advance_ms(100);
      m->shard->tick();
    }
    run();
  }
  // Ticks until one leads, and returns it.
  Member& elect() {
    const auto leads = [](const auto& m) { return m->shard->leads(); };
    auto leader = members_.begin();
    for (int ticks = 0; ticks < 400; ++ticks) {
      tick();
      leader = std::find_if(members_.begin(), members_.end(), leads);
      if (leader != members_.end()) break;
    }
    STOA_CHECK(leader != members_.end(), "an election ends");
    return **leader;
  }

 private:
  bool deliver(Member& from) {
    const bool any = !from.sent.empty();
    for (auto& [to, message] : std::exchange(from.sent, {})) {
      if (cut_.count(from.id) + cut_.count(to) == 0) member(to).shard->step(from.id, message);
    }
    return any;
  }

  Service service_ = counter::make_service();
  Loop loop_;
  std::array<std::unique_ptr<Member>, 3> members_;
  std::set<ReplicaId> cut_;
};

}  // namespace stoa
