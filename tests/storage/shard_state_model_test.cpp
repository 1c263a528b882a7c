// A shard's state against a plain map, under random writes, reads, hand-overs, steps of the flusher and crashes.
#include <algorithm>
#include <iterator>
#include <map>

#include "storage/key.hpp"
#include "storage/shard_state.hpp"
#include "tests/storage/database_kinds.hpp"
#include "tests/storage/steps.hpp"

namespace stoa {
namespace {

constexpr GroupId kGroup{3, 2};
constexpr GroupId kNeighbour{3, 3};
constexpr ReplicaId kReplica = 11;

using Map = std::map<std::string, std::string, std::less<>>;

template <class Kind>
class Model {
 public:
  explicit Model(uint64_t seed) : random_(seed) { boot(); }

  void run(int steps) {
    for (int i = 0; i < steps && !::testing::Test::HasFailure(); ++i) one_step();
    check_all();
  }

 private:
  struct Logged {
    WriteSet set;
    std::string members;
  };

  void boot() {
    flusher_ = std::make_unique<StateFlusher>(clock_, FlusherOptions{3000, 50, 6000, 200, 20000});
    neighbour_ = std::make_unique<ShardState>(kind_.database(), *flusher_, kNeighbour, kReplica, executor_, nullptr);
    state_ = std::make_unique<ShardState>(kind_.database(), *flusher_, kGroup, kReplica, executor_, [this] {
      ASSERT_LE(state_->durable_applied(), state_->applied());
      ASSERT_GE(state_->durable_applied(), trimmed_);
      trimmed_ = state_->durable_applied();
    });
    ASSERT_GE(state_->applied(), trimmed_) << "trimmed before it was durable";
    ASSERT_EQ(state_->found().members, state_->applied() == 0 ? "" : log_[state_->applied() - 1].members);
    for (Index i = state_->applied() + 1; i <= log_.size(); ++i) apply(i);
  }

  void apply(Index index) {
    state_->set_members(log_[index - 1].members);
    state_->apply(index, 1 + index / 10, log_[index - 1].set);
  }

  void one_step() {
    switch (random_.below(12)) {
      case 0:
        return check_scan();
      case 1:
        return check_scan();
      case 2:
        return state_->hand_over(random_.below(4) == 0);
      case 3:
        return executor_.run();
      case 4:
        return step();
      case 5:
        return clock_.advance_ms(static_cast<int64_t>(random_.below(80)));
      case 6:
        return random_.below(15) == 0 ? crash() : check_get();
      case 7:
        return check_get();
      case 8:
        return random_.below(8) == 0 ? finish() : void();
      default:
        return write();
    }
  }

  std::string some_key() {
    std::string key = table_prefix(kGroup.shard, static_cast<Table>(1 + random_.below(3)));
    // Some keys come again and again, some rise and are seen once or twice: as ids and queues do.
    if (random_.below(2) == 0)
      key += "k" + std::to_string(random_.below(30));
    else
      append_key(key, static_cast<uint64_t>(log_.size() / 4 - std::min(log_.size() / 4, random_.below(3))));
    return key;
  }

  void write() {
    Logged entry;
    for (uint64_t n = random_.below(5); n > 0; --n) {
      const std::string key = some_key();
      if (random_.below(3) == 0)
        entry.set.put(key, std::nullopt);
      else
        entry.set.put(key, std::string(random_.below(80), static_cast<char>('a' + random_.below(26))));
    }
    for (const auto& [key, value] : entry.set) {
      if (value)
        model_[std::string(key)] = *value;
      else
        model_.erase(std::string(key));
    }
    entry.members = std::to_string(log_.size() / 5);
    log_.push_back(std::move(entry));
    apply(log_.size());
    neighbour_->apply(neighbour_->applied() + 1, 1, {});
  }

  void step() { ASSERT_TRUE(flusher_->step().ok()); }

  void finish() {
    state_->hand_over(true);
    ASSERT_TRUE(flusher_->finish().ok());
    executor_.run();
    ASSERT_EQ(state_->durable_applied(), state_->applied());
    ASSERT_EQ(state_->dirty_bytes(), 0u);
  }

  void crash() {
    executor_.drop();
    state_.reset();
    neighbour_.reset();
    flusher_.reset();
    kind_.crash(random_);
    boot();
  }

  void check_get() {
    const std::string key = some_key();
    std::string value;
    const bool there = state_->get(key, value);
    const auto expected = model_.find(key);
    ASSERT_EQ(there, expected != model_.end());
    if (!there) return;
    ASSERT_EQ(value, expected->second);
  }

  void check_scan() {
    std::string from = some_key(), to = some_key();
    if (to < from) std::swap(from, to);
    if (random_.below(3) == 0) to = after_prefix(from.substr(0, 3));
    if (random_.below(3) == 0) from.resize(3);
    check_range(from, to, random_.below(2) == 0, 1 + random_.below(40));
  }

  void check_range(const std::string& from, const std::string& to, bool backwards, size_t most) {
    std::vector<std::pair<std::string, std::string>> seen, expected(model_.lower_bound(from), model_.lower_bound(to));
    if (backwards) std::reverse(expected.begin(), expected.end());
    if (expected.size() > most) expected.resize(most);
    state_->scan(from, to, backwards, [&](std::string_view key, std::string_view value) {
      seen.emplace_back(key, value);
      return seen.size() < most;
    });
    ASSERT_EQ(seen, expected);
  }

  void check_all() {
    const std::string from = shard_prefix(kGroup.shard);
    check_range(from, after_prefix(from), false, SIZE_MAX);
    check_range(from, after_prefix(from), true, SIZE_MAX);
  }

  SeededRandom random_;
  StandingClock clock_;
  QueueExecutor executor_;
  Kind kind_;
  std::unique_ptr<StateFlusher> flusher_;
  std::unique_ptr<ShardState> neighbour_, state_;
  std::vector<Logged> log_;
  Map model_;
  Index trimmed_ = 0;
};

TEST(ShardStateModel, HoldsOverTheMemoryTwin) {
  for (uint64_t seed = 1; seed <= 60 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Model<MemoryKind>(seed).run(2500);
  }
}

TEST(ShardStateModel, HoldsOverRocksDb) {
  for (uint64_t seed = 1; seed <= 4 && !HasFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Model<RocksKind>(seed).run(2500);
  }
}

}  // namespace
}  // namespace stoa
