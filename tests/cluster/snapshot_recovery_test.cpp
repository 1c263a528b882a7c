#include "cluster/snapshot_recovery.hpp"

#include "cluster/replica.hpp"
#include "cluster/replica_boot.hpp"
#include "storage/file_journal.hpp"
#include "storage/memory_disk.hpp"
#include "storage/shard_state.hpp"
#include "storage/snapshot_install.hpp"
#include "tests/storage/snapshot_script.hpp"
#include "tests/storage/steps.hpp"

namespace stoa {
namespace {

constexpr ReplicaId kReplica = 9;
constexpr Position kSnapshot{4, 100};
const std::string kMembers = Members{{5, kReplica}, {}, {}, {}, false}.encode();

class SilentPort final : public ReplicaPort {
 public:
  void persist(std::vector<JournalRecord>, uint64_t) override {}
  void send(ReplicaId, std::string) override {}
  void apply(const CommittedEntry& entry) override { applied.push_back(entry.index); }
  void members_changed(const Members&, Index) override {}
  void lead_changed(Role, Term, ReplicaId) override {}
  void readable(uint64_t) override {}
  void read_lost(uint64_t) override {}
  void snapshot_wanted(ReplicaId, Index) override {}
  void send_snapshot(ReplicaId, std::string, const SnapshotOffer&) override {}
  void install(const SnapshotOffer&, std::vector<JournalRecord>, uint64_t) override {}

  std::vector<Index> applied;
};

// A follower's disks: a journal of files, a database of either kind, and a staging directory.
template <class Kind>
class Follower {
 public:
  // Its log reaches `last`, in term 2 from index 30 on; its state is as of 40.
  explicit Follower(Index last) {
    open_journal();
    std::vector<JournalRecord> records = ReplicaBoot::birth_records(kSnapshotGroup, kReplica);
    Entries entries;
    for (Index i = 2; i <= last; ++i) entries.entries.push_back({i, i < 30 ? Term{1} : Term{2}, 0, "entry"});
    records.push_back({kSnapshotGroup, kReplica, std::move(entries)});
    records.push_back({kSnapshotGroup, kReplica, HardState{2, 5, 40}});
    STOA_CHECK(journal->append(records, true).ok(), "the disk works");
    const std::string key = snapshot_key(1);
    STOA_CHECK(database().write(batch_of(kSnapshotGroup.shard, {kReplica, 40, 2, kMembers}, {{key, "old"}})).ok(),
               "the database works");
    STOA_CHECK(database().flush().ok(), "the database works");
  }

  Database& database() { return kind.database(); }

  // All that a replica does from the first chunk to the removal of the staging; false where the power went.
  bool take_over(const SnapshotReader& from, int flusher_steps = 1000) {
    if (!stage(from, staging, kReplica)) return false;
    return install(flusher_steps);
  }
  bool install(int flusher_steps = 1000) {
    StandingClock clock;
    QueueExecutor executor;
    StateFlusher flusher(clock);
    ShardState state(database(), flusher, kSnapshotGroup, kReplica, executor, nullptr);
    auto staged = StagedSnapshot::open(staging, name());
    if (!staged || !*staged) return false;
    bool installed = false;
    state.install(std::make_unique<SnapshotInstall>(database(), std::move(**staged)), [&] { installed = true; });
    while (!installed) {
      if (--flusher_steps < 0 || !flusher.step()) return false;
      executor.run();
    }
    const std::vector<JournalRecord> records{{kSnapshotGroup, kReplica, Reset{kSnapshot.index, kSnapshot.term}},
                                             {kSnapshotGroup, kReplica, HardState{5, 0, kSnapshot.index}}};
    return journal->append(records, true).ok() && remove_staging(staging, name()).ok();
  }

  void crash(Random& random) {
    journal.reset();
    journal_disk.crash(random);
    staging.crash(random);
    kind.crash(random);
    open_journal();
  }

  // Boots a replica on what is there; the index that its state has then.
  Index boot() {
    const auto recovered = recover_install(kSnapshotGroup, kReplica, database(), *journal, staging);
    EXPECT_TRUE(recovered.ok()) << (recovered.ok() ? "" : recovered.error().what);
    StandingClock clock;
    QueueExecutor executor;
    StateFlusher flusher(clock);
    const ShardState state(database(), flusher, kSnapshotGroup, kReplica, executor, nullptr);
    ReplicaBoot boot;
    boot.group = kSnapshotGroup;
    boot.log = std::move(**journal->recover(kSnapshotGroup));
    boot.applied = {state.found().term, state.found().applied};
    EXPECT_TRUE(Members::decode(state.found().members, boot.members));
    SilentPort port;
    Replica replica(boot, port);  // aborts where log and state do not fit
    replica.pump();
    EXPECT_EQ(replica.applied().index, state.applied());
    return state.applied();
  }

  static std::string name() { return staging_name(kSnapshotGroup, kReplica, kSnapshot.index); }

  Kind kind;
  MemoryDisk staging;
  MemoryDisk journal_disk;
  std::unique_ptr<FileJournal> journal;

 private:
  void open_journal() {
    auto opened = FileJournal::open(journal_disk, {64 << 10, 3, 0});
    STOA_CHECK(opened.ok(), opened.ok() ? "" : opened.error().what);
    journal = std::move(*opened);
  }
};

template <class Kind>
class SnapshotRecoveryOf : public ::testing::Test {
 protected:
  SnapshotRecoveryOf() { fill_shard(source_, 3000, 300, kSnapshot.index, 1, kMembers); }  // 4 chunks

  void expect_whole(Follower<Kind>& follower, Index applied) {
    ASSERT_TRUE(applied == 40 || applied == kSnapshot.index) << applied;
    const std::string content = shard_content(follower.database());
    if (applied == 40)
      EXPECT_EQ(content, snapshot_key(1) + "=old;");
    else
      EXPECT_TRUE(content == shard_content(source_));
  }
  // The power goes in the midst of it; the replica boots on what is left, and can then take the snapshot over.
  template <class Cut>
  bool survives(Index last, Cut cut) {
    Follower<Kind> follower(last);
    const SnapshotReader reader = measured(source_);
    cut(follower);
    const bool finished = follower.take_over(reader);
    follower.crash(random_);
    const Index applied = follower.boot();
    expect_whole(follower, applied);
    EXPECT_TRUE(!finished || applied == kSnapshot.index);
    (applied == 40 ? old_ : new_) += 1;
    EXPECT_TRUE(clear_staging(follower.staging).ok());
    if (applied == 40) {
      EXPECT_TRUE(follower.take_over(reader));
    }
    follower.crash(random_);
    EXPECT_EQ(follower.boot(), kSnapshot.index);
    expect_whole(follower, kSnapshot.index);
    return finished;
  }

  MemoryDatabase source_;
  SeededRandom random_{11};
  int old_ = 0, new_ = 0;
};
TYPED_TEST_SUITE(SnapshotRecoveryOf, DatabaseKinds);

// Shorter than the snapshot, and longer with another term at its index.
constexpr Index kLogs[] = {50, 120};

TYPED_TEST(SnapshotRecoveryOf, BootsAfterAPowerCutAtEveryOperationOfTheStagingDisk) {
  for (const Index last : kLogs) {
    bool finished = false;
    for (uint64_t cut = 0; !finished; ++cut) {
      finished = this->survives(last, [&](auto& f) { f.staging.fail_at(cut, DiskFault::kPowerCut); });
    }
  }
  EXPECT_GT(this->old_, 0);
  EXPECT_GT(this->new_, 0);
}

TYPED_TEST(SnapshotRecoveryOf, BootsAfterAPowerCutAtEveryOperationOfTheJournal) {
  for (const Index last : kLogs) {
    bool finished = false;
    for (uint64_t cut = 0; !finished; ++cut) {
      finished = this->survives(
          last, [&](auto& f) { f.journal_disk.fail_at(f.journal_disk.operations() + cut, DiskFault::kPowerCut); });
    }
  }
  EXPECT_GT(this->new_, 0);
}

TYPED_TEST(SnapshotRecoveryOf, BootsAfterACrashBetweenAnyTwoStepsOfTheFlusher) {
  fill_shard(this->source_, 16'000, 300, kSnapshot.index, 1, kMembers);  // 20 chunks, three steps
  for (const Index last : kLogs) {
    for (int steps = 0; steps < 4; ++steps) {
      Follower<TypeParam> follower(last);
      follower.take_over(measured(this->source_), steps);
      follower.crash(this->random_);
      this->expect_whole(follower, follower.boot());
    }
  }
}

TYPED_TEST(SnapshotRecoveryOf, AStateAheadOfTheLogWithoutItsStagingIsRefused) {
  Follower<TypeParam> follower(50);
  ASSERT_TRUE(stage(measured(this->source_), follower.staging, kReplica).ok());
  auto staged = StagedSnapshot::open(follower.staging, follower.name()).value();
  SnapshotInstall install(follower.database(), std::move(*staged));
  while (!install.step().value()) continue;
  ASSERT_TRUE(clear_staging(follower.staging).ok());
  EXPECT_DEATH(follower.boot(), "does not reach the state");
}

TYPED_TEST(SnapshotRecoveryOf, AMarkerWithoutItsStagingIsAnError) {
  Follower<TypeParam> follower(50);
  ASSERT_TRUE(follower.database().begin_install(kSnapshotGroup.shard, follower.name()).ok());
  const auto recovered =
      recover_install(kSnapshotGroup, kReplica, follower.database(), *follower.journal, follower.staging);
  EXPECT_NE(recovered.error().what.find("its staging is gone"), std::string::npos);
}

TYPED_TEST(SnapshotRecoveryOf, AMarkerOfAFormerReplicaIsNoneOfTheNewOnesBusiness) {
  Follower<TypeParam> follower(50);
  ASSERT_TRUE(follower.database().begin_install(kSnapshotGroup.shard, staging_name(kSnapshotGroup, 90, 7)).ok());
  EXPECT_TRUE(recover_install(kSnapshotGroup, kReplica, follower.database(), *follower.journal, follower.staging).ok());
}

// A staging that was never installed proves nothing about a log that has the entry.
TYPED_TEST(SnapshotRecoveryOf, ALogThatReachesTheStateIsLeftAlone) {
  Follower<TypeParam> follower(50);
  MemoryDatabase same;
  fill_shard(same, 10, 10, 40, 1, kMembers);
  SnapshotReader reader = measured(same);
  SnapshotManifest manifest = reader.manifest();
  manifest.term = 2;
  const auto staging = SnapshotStaging::begin(follower.staging, kReplica, manifest).value();
  ASSERT_EQ(staging->add(0, snapshot_chunk_checksum(0, reader.chunk(0)), reader.chunk(0)).value(),
            SnapshotStaging::Fate::kTaken);
  ASSERT_EQ(staging->check(1).value(), SnapshotStaging::Verdict::kSealed);
  EXPECT_EQ(follower.boot(), 40u);
  EXPECT_EQ((*follower.journal->recover(kSnapshotGroup))->last_index(), 50u);
}

// The power goes at every write and flush of the database.
TEST(SnapshotRecoveryFaults, BootsAfterAPowerCutAtEveryOperationOfTheDatabase) {
  MemoryDatabase source;
  fill_shard(source, 3000, 300, kSnapshot.index, 1, kMembers);
  SeededRandom random(12);
  for (const Index last : kLogs) {
    bool finished = false, old_seen = false;
    for (uint64_t cut = 0; !finished; ++cut) {
      Follower<MemoryKind> follower(last);
      auto& database = static_cast<MemoryDatabase&>(follower.database());
      database.cut_power_at(database.operations() + cut);
      finished = follower.take_over(measured(source));
      follower.crash(random);
      const Index applied = follower.boot();
      old_seen = old_seen || applied == 40;
      EXPECT_TRUE(applied == 40 ? shard_content(database) == snapshot_key(1) + "=old;"
                                : shard_content(database) == shard_content(source))
          << "cut at " << cut;
    }
    EXPECT_TRUE(old_seen);
  }
}

}  // namespace
}  // namespace stoa
