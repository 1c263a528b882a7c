#include "storage/snapshot_staging.hpp"

#include <filesystem>

#include "storage/memory_disk.hpp"
#include "storage/posix_disk.hpp"
#include "tests/storage/snapshot_script.hpp"

namespace stoa {
namespace {

constexpr ReplicaId kReplica = 9;
using Fate = SnapshotStaging::Fate;
using Verdict = SnapshotStaging::Verdict;

class MemoryDiskKind {
 public:
  Disk& disk() { return disk_; }

 private:
  MemoryDisk disk_;
};

class PosixDiskKind {
 public:
  PosixDiskKind() {
    std::string path = ::testing::TempDir() + "stoa-staging-XXXXXX";
    path_ = ::mkdtemp(path.data());
    disk_ = PosixDisk::open_directory(path_).value();
  }
  ~PosixDiskKind() {
    disk_.reset();
    std::filesystem::remove_all(path_);
  }
  Disk& disk() { return *disk_; }

 private:
  std::string path_;
  std::unique_ptr<PosixDisk> disk_;
};

std::string name() { return staging_name(kSnapshotGroup, kReplica, 100); }

template <class Kind>
class SnapshotStagingOf : public ::testing::Test {
 protected:
  std::unique_ptr<SnapshotStaging> begin() {
    return SnapshotStaging::begin(kind_.disk(), kReplica, reader_->manifest()).value();
  }
  Fate add(SnapshotStaging& staging, uint64_t number) {
    const std::string payload = reader_->chunk(number);
    return staging.add(number, snapshot_chunk_checksum(number, payload), payload).value();
  }
  std::optional<StagedSnapshot> open() { return StagedSnapshot::open(kind_.disk(), name()).value(); }
  size_t files() {
    const auto listed = kind_.disk().list().value();
    return static_cast<size_t>(
        std::count_if(listed.begin(), listed.end(), [](const std::string& f) { return f != "lock"; }));
  }

  Kind kind_;
  MemoryDatabase database_;
  std::unique_ptr<SnapshotReader> reader_ = [this] {
    fill_shard(database_, 16'000, 300);  // 20 chunks, two parts
    return std::make_unique<SnapshotReader>(measured(database_));
  }();
};
using DiskKinds = ::testing::Types<MemoryDiskKind, PosixDiskKind>;
TYPED_TEST_SUITE(SnapshotStagingOf, DiskKinds);

TYPED_TEST(SnapshotStagingOf, HoldsWhatWasReceived) {
  ASSERT_TRUE(stage(*this->reader_, this->kind_.disk(), kReplica).ok());
  auto staged = this->open();
  ASSERT_TRUE(staged.has_value());
  EXPECT_EQ(staged->replica(), kReplica);
  EXPECT_EQ(encode(staged->manifest()), encode(this->reader_->manifest()));
  ASSERT_EQ(staged->manifest().chunks, 20u);
  for (uint64_t i = 0; i < 20; ++i) EXPECT_EQ(staged->chunk(i).value(), this->reader_->chunk(i));
}

TYPED_TEST(SnapshotStagingOf, RefusesAChunkOutOfItsTurn) {
  const auto staging = this->begin();
  EXPECT_EQ(this->add(*staging, 1), Fate::kOutOfOrder);
  EXPECT_EQ(this->add(*staging, 0), Fate::kTaken);
  EXPECT_EQ(this->add(*staging, 0), Fate::kOutOfOrder);
  EXPECT_EQ(staging->next(), 1u);
  EXPECT_EQ(staging->add(~uint64_t{0}, 0, "").value(), Fate::kOutOfOrder);
}

TYPED_TEST(SnapshotStagingOf, TakesAChunkThatCameDamagedOnceItComesWhole) {
  const auto staging = this->begin();
  std::string payload = this->reader_->chunk(0);
  const uint32_t checksum = snapshot_chunk_checksum(0, payload);
  payload[1000] = static_cast<char>(payload[1000] ^ 1);
  EXPECT_EQ(staging->add(0, checksum, payload).value(), Fate::kDamaged);
  EXPECT_EQ(staging->add(0, snapshot_chunk_checksum(0, "short"), "short").value(), Fate::kDamaged);
  EXPECT_EQ(staging->add(0, snapshot_chunk_checksum(1, this->reader_->chunk(0)), this->reader_->chunk(0)).value(),
            Fate::kDamaged);
  EXPECT_EQ(staging->next(), 0u);
  EXPECT_EQ(this->add(*staging, 0), Fate::kTaken);
}

TYPED_TEST(SnapshotStagingOf, IsNotThereBeforeItIsSealed) {
  const auto staging = this->begin();
  for (uint64_t i = 0; i < 20; ++i) {
    EXPECT_FALSE(staging->whole());
    this->add(*staging, i);
  }
  EXPECT_FALSE(this->open().has_value());
  EXPECT_EQ(staging->check(10).value(), Verdict::kMore);
  EXPECT_FALSE(this->open().has_value());
  EXPECT_EQ(staging->check(10).value(), Verdict::kSealed);
  EXPECT_TRUE(this->open().has_value());
}

TYPED_TEST(SnapshotStagingOf, SoundChunksThatAreNotTheWholeAreNotSealed) {
  SnapshotManifest manifest = this->reader_->manifest();
  manifest.checksum ^= 1;
  const auto staging = SnapshotStaging::begin(this->kind_.disk(), kReplica, manifest).value();
  for (uint64_t i = 0; i < 20; ++i) this->add(*staging, i);
  EXPECT_EQ(staging->check(100).value(), Verdict::kDamaged);
  EXPECT_FALSE(this->open().has_value());
}

TYPED_TEST(SnapshotStagingOf, RecordsOfAnotherShardAreNotSealed) {
  SnapshotManifest manifest = this->reader_->manifest();
  manifest.group = GroupId{3, 7}.value();
  const auto staging = SnapshotStaging::begin(this->kind_.disk(), kReplica, manifest).value();
  for (uint64_t i = 0; i < 20; ++i) this->add(*staging, i);
  EXPECT_EQ(staging->check(100).value(), Verdict::kDamaged);
}

TYPED_TEST(SnapshotStagingOf, BeginsAgainFromNothing) {
  ASSERT_TRUE(stage(*this->reader_, this->kind_.disk(), kReplica).ok());
  const auto staging = this->begin();
  EXPECT_EQ(staging->next(), 0u);
  EXPECT_FALSE(this->open().has_value());
}

TYPED_TEST(SnapshotStagingOf, IsRemovedByNameAndAltogether) {
  ASSERT_TRUE(stage(*this->reader_, this->kind_.disk(), kReplica).ok());
  ASSERT_TRUE(stage(*this->reader_, this->kind_.disk(), 90).ok());  // whose name begins like the other's
  EXPECT_EQ(this->files(), 6u);
  ASSERT_TRUE(remove_staging(this->kind_.disk(), name()).ok());
  EXPECT_EQ(this->files(), 3u);
  ASSERT_TRUE(clear_staging(this->kind_.disk()).ok());
  EXPECT_EQ(this->files(), 0u);
}

TYPED_TEST(SnapshotStagingOf, AnEmptyStateIsSealedToo) {
  MemoryDatabase empty;
  fill_shard(empty, 0, 0);
  ASSERT_TRUE(stage(measured(empty), this->kind_.disk(), kReplica).ok());
  EXPECT_TRUE(this->open().has_value());
}

// The power goes at every write, sync and change of names: what is sealed afterwards is whole, and nothing is in the
// way of staging it again.
TEST(SnapshotStagingFaults, IsWholeOrNotThereAfterAPowerCut) {
  MemoryDatabase database;
  fill_shard(database, 16'000, 300);
  const SnapshotReader reader = measured(database);
  SeededRandom random(5);
  bool finished = false;
  for (uint64_t cut = 0; !finished; ++cut) {
    MemoryDisk disk;
    disk.fail_at(cut, DiskFault::kPowerCut);
    finished = stage(reader, disk, kReplica).ok();
    disk.crash(random);
    auto staged = StagedSnapshot::open(disk, name()).value();
    ASSERT_TRUE(staged.has_value() || !finished);
    for (uint64_t i = 0; staged && i < reader.manifest().chunks; ++i) {
      ASSERT_EQ(staged->chunk(i).value(), reader.chunk(i)) << "cut at " << cut;
    }
    ASSERT_TRUE(clear_staging(disk).ok());
    EXPECT_TRUE(disk.list().value().empty());
    ASSERT_TRUE(stage(reader, disk, kReplica).ok());
  }
}

// And while it is removed.
TEST(SnapshotStagingFaults, IsWholeOrNotThereAfterAPowerCutOfItsRemoval) {
  MemoryDatabase database;
  fill_shard(database, 16'000, 300);
  const SnapshotReader reader = measured(database);
  SeededRandom random(6);
  bool finished = false;
  for (uint64_t cut = 0; !finished; ++cut) {
    MemoryDisk disk;
    ASSERT_TRUE(stage(reader, disk, kReplica).ok());
    disk.fail_at(disk.operations() + cut, DiskFault::kPowerCut);
    finished = remove_staging(disk, name()).ok();
    disk.crash(random);
    auto staged = StagedSnapshot::open(disk, name()).value();
    for (uint64_t i = 0; staged && i < reader.manifest().chunks; ++i) {
      ASSERT_EQ(staged->chunk(i).value(), reader.chunk(i)) << "cut at " << cut;
    }
  }
}

// Of a staged file any bit may be wrong: it is noticed.
TEST(SnapshotStagingFaults, NoticesEveryDamagedFile) {
  MemoryDatabase database;
  fill_shard(database, 16'000, 300);
  const SnapshotReader reader = measured(database);
  MemoryDisk disk;
  ASSERT_TRUE(stage(reader, disk, kReplica).ok());
  SeededRandom random(8);
  for (const std::string& file : disk.list().value()) {
    for (int round = 0; round < 20; ++round) {
      const uint64_t bit = random.below(disk.content(file).size() * 8);
      disk.flip_bit(file, bit);
      bool noticed = false;
      auto staged = StagedSnapshot::open(disk, name()).value();
      for (uint64_t i = 0; staged && i < reader.manifest().chunks; ++i) noticed = noticed || !staged->chunk(i).ok();
      EXPECT_TRUE(noticed || !staged) << file << " bit " << bit;
      disk.flip_bit(file, bit);
    }
  }
}

}  // namespace
}  // namespace stoa
