#include "storage/snapshot_install.hpp"

#include <algorithm>
#include <filesystem>
#include <malloc.h>

#include "storage/memory_disk.hpp"
#include "storage/posix_disk.hpp"
#include "tests/storage/snapshot_script.hpp"

namespace stoa {
namespace {

constexpr ReplicaId kReplica = 9;

SnapshotInstall install_into(Database& database, Disk& disk) {
  return SnapshotInstall(database,
                         std::move(*StagedSnapshot::open(disk, staging_name(kSnapshotGroup, kReplica, 100)).value()));
}

Result<bool> run(SnapshotInstall& install) {
  for (;;) {
    const Result<bool> done = install.step();
    if (!done || *done) return done;
  }
}

template <class Kind>
class SnapshotInstallOf : public ::testing::Test {
 protected:
  SnapshotInstallOf() {
    fill_shard(source_, 6000, 300);  // 8 chunks
    EXPECT_TRUE(stage(measured(source_), disk_, kReplica).ok());
    fill_shard(database(), 5000, 100, 50, 2);
    EXPECT_TRUE(database().write(batch_of(7, {1, 1, 1, ""}, {{table_prefix(7, 1) + "a", "other"}})).ok());
    EXPECT_TRUE(database().flush().ok());
    old_ = shard_content(database());
  }

  Database& database() { return kind_.database(); }
  void expect_installed() {
    EXPECT_EQ(database().mark(kSnapshotGroup.shard).value(), (ShardMark{kReplica, 100, 4, "members"}));
    EXPECT_EQ(database().install_marker(kSnapshotGroup.shard).value(), "");
    EXPECT_TRUE(shard_content(database()) == shard_content(source_));
  }

  Kind kind_;
  MemoryDatabase source_;
  MemoryDisk disk_;
  SeededRandom random_{3};
  std::string old_;
};
TYPED_TEST_SUITE(SnapshotInstallOf, DatabaseKinds);

TYPED_TEST(SnapshotInstallOf, PutsTheNewStateInThePlaceOfTheOld) {
  auto install = install_into(this->database(), this->disk_);
  ASSERT_TRUE(run(install).ok());
  this->expect_installed();
  std::string value;
  EXPECT_TRUE(this->database().get(table_prefix(7, 1) + "a", value));
}

TYPED_TEST(SnapshotInstallOf, IsDurableWhenItIsDone) {
  auto install = install_into(this->database(), this->disk_);
  ASSERT_TRUE(run(install).ok());
  this->kind_.crash(this->random_);
  this->expect_installed();
}

// A crash after any number of steps, with what was written made durable or not.
TYPED_TEST(SnapshotInstallOf, BeginsAgainWhereACrashLeftAMarker) {
  for (int steps = 0; steps < 9; ++steps) {
    for (const bool flushed : {false, true}) {
      {
        auto install = install_into(this->database(), this->disk_);
        for (int i = 0; i < steps; ++i) ASSERT_FALSE(install.step().value());
        ASSERT_TRUE(!flushed || this->database().flush().ok());
      }
      this->kind_.crash(this->random_);
      const std::string marker = this->database().install_marker(kSnapshotGroup.shard).value();
      if (marker.empty()) {
        EXPECT_EQ(this->database().mark(kSnapshotGroup.shard).value()->applied, 50u);
        EXPECT_TRUE(shard_content(this->database()) == this->old_);
      } else {
        EXPECT_EQ(marker, staging_name(kSnapshotGroup, kReplica, 100));
        auto again = install_into(this->database(), this->disk_);
        ASSERT_TRUE(run(again).ok());
        this->expect_installed();
        ASSERT_TRUE(this->database().wipe(kSnapshotGroup.shard).ok());
        fill_shard(this->database(), 5000, 100, 50, 2);
        ASSERT_TRUE(this->database().flush().ok());
      }
    }
  }
}

TYPED_TEST(SnapshotInstallOf, StopsAtAStagingThatIsDamaged) {
  this->disk_.flip_bit(staging_name(kSnapshotGroup, kReplica, 100) + ".0.part", 8 * 600'000);
  auto install = install_into(this->database(), this->disk_);
  EXPECT_NE(run(install).error().what.find("is damaged"), std::string::npos);
  EXPECT_EQ(this->database().mark(kSnapshotGroup.shard).value(), std::nullopt);
}

// 200,000 records, 60 MB, from one database on disk to another: what is held meanwhile does not grow with the shard.
TEST(SnapshotInstallSize, ABigShardIsHeldAFewChunksAtATime) {
  RocksKind from, to;
  for (size_t part = 0; part < 20; ++part) {
    std::vector<std::pair<std::string, std::optional<std::string>>> writes;
    for (size_t i = 0; i < 10'000; ++i) writes.emplace_back(snapshot_key(part * 10'000 + i), std::string(300, 'x'));
    ASSERT_TRUE(from.database().write(batch_of(kSnapshotGroup.shard, {5, 100, 4, "members"}, writes)).ok());
  }
  ASSERT_TRUE(from.database().flush().ok());
  std::string path = ::testing::TempDir() + "stoa-staging-XXXXXX";
  const std::string directory = ::mkdtemp(path.data());
  const auto disk = PosixDisk::open_directory(directory).value();

  const size_t before = mallinfo2().uordblks;
  size_t most = 0;
  const auto look = [&] { most = std::max(most, mallinfo2().uordblks); };
  SnapshotReader reader(kSnapshotGroup, from.database().view(kSnapshotGroup.shard).value());
  while (!reader.measure(1 << 20)) look();
  ASSERT_GT(reader.manifest().bytes, 60'000'000u);
  const auto staging = SnapshotStaging::begin(*disk, kReplica, reader.manifest()).value();
  for (uint64_t i = 0; i < reader.manifest().chunks; ++i) {
    const std::string payload = reader.chunk(i);
    ASSERT_EQ(staging->add(i, snapshot_chunk_checksum(i, payload), payload).value(), SnapshotStaging::Fate::kTaken);
    look();
  }
  while (staging->check(16).value() != SnapshotStaging::Verdict::kSealed) look();
  auto install = install_into(to.database(), *disk);
  while (!install.step().value()) look();
  EXPECT_LT(most, before + 12 * (1 << 20)) << "of them some MB are RocksDB's own";
  EXPECT_EQ(to.database().mark(kSnapshotGroup.shard).value()->applied, 100u);
  std::filesystem::remove_all(directory);
}

// The power goes at every write and flush of the database.
TEST(SnapshotInstallFaults, ThePowerCutLeavesTheOldStateTheNewOneOrAMarker) {
  MemoryDatabase source;
  fill_shard(source, 6000, 300);
  MemoryDisk disk;
  ASSERT_TRUE(stage(measured(source), disk, kReplica).ok());
  SeededRandom random(4);
  bool finished = false, old_seen = false, marker_seen = false;
  for (uint64_t cut = 0; !finished; ++cut) {
    MemoryDatabase database;
    fill_shard(database, 5000, 100, 50, 2);
    ASSERT_TRUE(database.flush().ok());
    const std::string old = shard_content(database);
    database.cut_power_at(database.operations() + cut);
    {
      auto install = install_into(database, disk);
      finished = run(install).ok();
    }
    database.crash(random);
    const auto mark = database.mark(kSnapshotGroup.shard).value();
    if (!database.install_marker(kSnapshotGroup.shard).value().empty()) {
      marker_seen = true;
      EXPECT_EQ(mark, std::nullopt);
      auto again = install_into(database, disk);
      ASSERT_TRUE(run(again).ok());
      EXPECT_TRUE(shard_content(database) == shard_content(source));
    } else if (mark->applied == 50) {
      old_seen = true;
      EXPECT_TRUE(shard_content(database) == old);
    } else {
      EXPECT_TRUE(shard_content(database) == shard_content(source));
    }
    EXPECT_TRUE(!finished || mark == (ShardMark{kReplica, 100, 4, "members"}));
  }
  EXPECT_TRUE(old_seen && marker_seen);
}

}  // namespace
}  // namespace stoa
