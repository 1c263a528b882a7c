#include "cluster/data_identity.hpp"

#include <gtest/gtest.h>

#include "storage/memory_disk.hpp"

namespace stoa {
namespace {

constexpr GroupId kFirst{1, 0};
constexpr GroupId kSecond{2, 3};

Config config_of(uint16_t user_shards) {
  Config config;
  config.cluster = "demo";
  config.shards = {{"user", user_shards}};
  config.nodes.resize(2);
  config.nodes[0].name = "n1";
  config.nodes[1].name = "n2";
  return config;
}

DataIdentity minted(uint64_t seed = 1) {
  SeededRandom random(seed);
  DataIdentity identity;
  EXPECT_TRUE(complete_identity(identity, config_of(4), "n1", {kFirst, kSecond}, random));
  return identity;
}

std::string pointers(const std::vector<ConfigFault>& faults) {
  std::string all;
  for (const ConfigFault& f : faults) all += (all.empty() ? "" : " ") + f.pointer;
  return all;
}

void put(MemoryDisk& disk, const std::string& text) {
  auto file = disk.create("stoa.json", text.size());
  ASSERT_TRUE(file.ok() && (*file)->write(0, text).ok());
}

TEST(DataIdentity, AFreshDirectoryHasNone) {
  MemoryDisk disk;
  EXPECT_EQ(read_identity(disk).value(), std::nullopt);
}

TEST(DataIdentity, IsReadBackAsItWasWritten) {
  MemoryDisk disk;
  const DataIdentity identity = minted();
  ASSERT_TRUE(write_identity(disk, identity).ok());
  const auto back = read_identity(disk).value().value();
  EXPECT_EQ(back.cluster, "demo");
  EXPECT_EQ(back.node, "n1");
  EXPECT_EQ(back.shards, identity.shards);
  EXPECT_EQ(back.replicas, identity.replicas);
}

TEST(DataIdentity, ReplicaIdsAreMintedOnce) {
  DataIdentity identity = minted();
  const ReplicaBirth first = identity.replicas.at(kFirst);
  SeededRandom other(2);
  EXPECT_FALSE(complete_identity(identity, config_of(4), "n1", {kFirst, kSecond}, other));
  EXPECT_TRUE(complete_identity(identity, config_of(4), "n1", {kFirst, kSecond, {3, 0}}, other));
  EXPECT_EQ(identity.replicas.at(kFirst), first);
  EXPECT_NE(first, identity.replicas.at(kSecond));
}

TEST(DataIdentity, RefusesTheDataOfAnother) {
  const DataIdentity identity = minted();
  EXPECT_EQ(pointers(compare_identity(identity, config_of(4), "n1")), "");
  EXPECT_EQ(pointers(compare_identity(identity, config_of(5), "n1")), "/shards/user");
  EXPECT_EQ(pointers(compare_identity(identity, config_of(4), "n2")), "/nodes/1/data");
  Config renamed = config_of(4);
  renamed.cluster = "other";
  EXPECT_EQ(pointers(compare_identity(identity, renamed, "n1")), "/cluster");
}

TEST(DataIdentity, IsNotMintedAgainBesideAJournal) {
  MemoryDisk disk;
  ASSERT_TRUE(disk.create("journal", 1).ok());
  EXPECT_FALSE(read_identity(disk).ok());
}

TEST(DataIdentity, ADamagedFileIsAnError) {
  for (const std::string text :
       {"", "{", "[]", "{}", R"({"version": 2})", R"({"version": 1, "cluster": "demo", "node": "n1", "shards": {}})",
        R"({"version": 1, "cluster": "demo", "node": "n1", "shards": {}, "replicas": [{"service": 1, "shard": 0}]})"}) {
    MemoryDisk disk;
    put(disk, text);
    EXPECT_FALSE(read_identity(disk).ok()) << text;
  }
}

TEST(DataIdentity, APowerCutAnywhereLeavesTheOldOneOrTheNewOne) {
  for (uint64_t cut = 0;; ++cut) {
    SeededRandom random(cut);
    MemoryDisk disk;
    ASSERT_TRUE(write_identity(disk, minted()).ok());
    DataIdentity grown = minted();
    ASSERT_TRUE(complete_identity(grown, config_of(4), "n1", {{3, 0}}, random));
    const uint64_t before = disk.operations();
    disk.fail_at(before + cut, DiskFault::kPowerCut);
    const bool written = write_identity(disk, grown).ok();
    disk.crash(random);
    const auto found = read_identity(disk);
    ASSERT_TRUE(found.ok() && found->has_value()) << cut;
    const bool is_new = (*found)->replicas == grown.replicas;
    EXPECT_TRUE(is_new || (!written && (*found)->replicas == minted().replicas)) << cut;
    if (written) break;
  }
}

}  // namespace
}  // namespace stoa
