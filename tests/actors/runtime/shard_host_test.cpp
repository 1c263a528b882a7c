#include "actors/runtime/shard_host.hpp"

#include <gtest/gtest.h>

#include "cluster/data_identity.hpp"
#include "tests/actors/runtime/node_of_one.hpp"
#include "tests/storage/journal_kinds.hpp"

namespace stoa {
namespace {

Config config_of_one() {
  Config config;
  config.cluster = "one";
  config.shards = {{"counter", NodeOfOne::kShards}};
  config.nodes.resize(1);
  config.nodes[0].name = "n1";
  return config;
}

// A machine whose power may go at any write or sync of what a node is born onto.
class Machine {
 public:
  enum Device { kIdentity, kJournal, kState };

  uint64_t operations(Device device) const {
    return device == kIdentity  ? data_.operations()
           : device == kJournal ? journal_.operations()
                                : database_.operations();
  }
  void cut(Device device, uint64_t operation) {
    if (device == kIdentity) data_.fail_at(operation, DiskFault::kPowerCut);
    if (device == kJournal) journal_.cut_power_at(operation);
    if (device == kState) database_.cut_power_at(operation);
  }
  void lose_power(Random& random) {
    data_.crash(random);
    journal_.crash(random);
    database_.crash(random);
  }

  // As the program does it: the identity first, then the journal, its groups, and a first boot that answers a command.
  // False when the power went on the way.
  bool be_born(uint64_t seed) {
    SeededRandom random(seed);
    auto found = read_identity(data_);
    EXPECT_TRUE(found.ok()) << "what a power cut leaves is no damage";
    if (!found.ok()) return false;
    identity = found->value_or(DataIdentity{});
    const std::vector<GroupId> groups = {{counter::kNumber, 0}, {counter::kNumber, 1}};
    if (complete_identity(identity, config_of_one(), "n1", groups, random)) {
      if (!write_identity(data_, identity).ok()) return false;
    }
    if (!data_.create("journal", 1).ok()) return false;  // stands for the directory of that name
    auto journal = journal_.open();
    if (!journal.ok()) return false;
    NodeOfOne node({**journal, database_, clock_, identity.replicas}, seed);
    if (!node.alive()) return false;
    const auto answer = node.call(0, Add{"a", 1});
    if (answer) ++acknowledged;
    if (node.alive()) node.host().shards().front()->state->hand_over(true);
    for (int steps = 0; node.alive() && steps < 100; ++steps) node.step();
    const bool survived = node.alive();
    node.kill();
    return survived && answer.has_value();
  }

  int64_t value() {
    auto journal = journal_.open();
    NodeOfOne node({**journal, database_, clock_, identity.replicas}, 9);
    const std::string body = node.call(0, Show{"a"})->body;
    node.kill();
    return std::stoll(body.substr(body.find("value") + 7));
  }

  DataIdentity identity;
  int64_t acknowledged = 0;

 private:
  MemoryDisk data_;
  FileKind journal_;
  MemoryDatabase database_;
  ManualClock clock_;
};

class Birth : public testing::TestWithParam<Machine::Device> {};

TEST_P(Birth, CutShortAtAnyWriteOrSyncIsBegunAgain) {
  bool cut = true;
  for (uint64_t at = 0; cut; ++at) {
    SCOPED_TRACE("cut at operation " + std::to_string(at));
    SeededRandom random(at);
    Machine machine;
    machine.cut(GetParam(), machine.operations(GetParam()) + at);
    cut = !machine.be_born(1);
    machine.lose_power(random);
    const DataIdentity first = machine.identity;
    ASSERT_TRUE(machine.be_born(2)) << "the next start finds its way";
    machine.lose_power(random);
    EXPECT_GE(machine.value(), machine.acknowledged) << "an answer was given";
    EXPECT_LE(machine.value(), 2);
    EXPECT_TRUE(cut || machine.identity.replicas == first.replicas) << "ids are minted once";
    ASSERT_LT(at, 500u);
  }
}

std::string name_of_device(const testing::TestParamInfo<Machine::Device>& device) {
  static const char* const kNames[] = {"Identity", "Journal", "State"};
  return kNames[device.param];
}
INSTANTIATE_TEST_SUITE_P(OfANode, Birth, testing::Values(Machine::kIdentity, Machine::kJournal, Machine::kState),
                         name_of_device);

constexpr GroupId kFirst{counter::kNumber, 0}, kSecond{counter::kNumber, 1};

TEST(ShardHost, AReplicaThatIsClosedWhileItIsOpenedNeverTakesPart) {
  MemoryDisk1 disk;
  NodeOfOne node({disk.journal, disk.database, disk.clock, {{kFirst, ReplicaBirth::alone(5)}}}, 1);
  bool opened = false;
  node.host().open(kSecond, ReplicaBirth::alone(6), [&](const Result<void>&) { opened = true; });
  node.host().close(kSecond);
  while (node.step()) continue;
  EXPECT_FALSE(opened);
  EXPECT_EQ(node.host().find(kSecond), nullptr);
  EXPECT_EQ(disk.journal.groups(), std::vector<GroupId>{kFirst});
}

TEST(ShardHost, AReplicaThatIsOpenedInThePlaceOfOneThatWasBeingOpenedTakesPart) {
  MemoryDisk1 disk;
  NodeOfOne node({disk.journal, disk.database, disk.clock, {{kFirst, ReplicaBirth::alone(5)}}}, 1);
  int opened = 0;
  node.host().open(kSecond, ReplicaBirth::alone(6), [&](const Result<void>&) { ++opened; });
  node.host().close(kSecond);
  node.host().open(kSecond, ReplicaBirth::alone(7), [&](const Result<void>&) { ++opened; });
  while (node.step()) continue;
  EXPECT_EQ(opened, 1);
  ASSERT_NE(node.host().find(kSecond), nullptr);
  EXPECT_EQ(node.host().find(kSecond)->shard->replica().id(), 7u);
}

// The identity is written first: a crash may come before the journal is.
TEST(ShardHost, WhatTheJournalStillKnowsOfAClosedReplicaIsForgottenAtTheStart) {
  MemoryDisk1 disk;
  { NodeOfOne with_both(disk); }
  ASSERT_EQ(disk.journal.groups(), (std::vector<GroupId>{kFirst, kSecond}));
  NodeOfOne node({disk.journal, disk.database, disk.clock, {{kFirst, ReplicaBirth::alone(100)}}}, 2);
  EXPECT_TRUE(node.alive());
  EXPECT_EQ(disk.journal.groups(), std::vector<GroupId>{kFirst});
}

// The journal would be told of a group that it has forgotten.
TEST(ShardHost, WhatAReplicaWroteInTheTurnInWhichItIsClosedIsForgotten) {
  MemoryDisk1 disk;
  NodeOfOne node(disk);
  Shard& shard = *node.host().find(kFirst)->shard;
  Call call;
  call.deadline = after(disk.clock.now(), 10'000);
  shard.submit(call, AnyCommand::of(Add{"a", 1}), [](const Reply&) {});
  shard.turn();
  node.host().close(kFirst);
  while (node.step()) continue;
  EXPECT_TRUE(node.alive());
  EXPECT_EQ(disk.journal.groups(), std::vector<GroupId>{kSecond});
  EXPECT_FALSE(node.call(1, Add{"b", 1})->refused()) << "others go on";
}

}  // namespace
}  // namespace stoa
