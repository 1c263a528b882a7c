#include "cluster/snapshot_receiver.hpp"

#include "tests/cluster/transfer_world.hpp"

namespace stoa {
namespace {

constexpr ReplicaId kFollower = 9;

class SnapshotReceiverTest : public ::testing::Test {
 protected:
  SnapshotReceiverTest() {
    fill_shard(source_, 6000, 300);
    reader_ = std::make_unique<SnapshotReader>(measured(source_));
    offer_.manifest = encode(reader_->manifest());
    offer_.consensus = "message";
  }

  void say(decltype(TransferMessage::body) body, uint64_t number = 1) {
    node_.receiver().received({kSnapshotGroup, kLeader, kFollower, number, std::move(body)});
    settle();
  }
  TransferChunk chunk(uint64_t number) {
    const std::string payload = reader_->chunk(number);
    return {number, snapshot_chunk_checksum(number, payload), payload};
  }
  void settle() {
    for (int i = 0; i < 10; ++i) {
      node_.loop.run();
      node_.worker.run();
    }
    node_.loop.run();
  }
  template <class B>
  const B* last() const {
    return answers_.empty() ? nullptr : std::get_if<B>(&answers_.back().body);
  }
  std::string refusal() const { return last<TransferFailed>() ? last<TransferFailed>()->reason : ""; }

  MemoryDatabase source_;
  std::unique_ptr<SnapshotReader> reader_;
  TransferOffer offer_;
  std::vector<TransferMessage> answers_;
  ReceivingNode node_{[this](const TransferMessage& m) { answers_.push_back(m); }, TransferLimits{}};
};

TEST_F(SnapshotReceiverTest, GivesCreditForAFewChunks) {
  say(offer_);
  ASSERT_NE(last<TransferCredit>(), nullptr);
  EXPECT_EQ(last<TransferCredit>()->next, 0u);
  EXPECT_EQ(last<TransferCredit>()->upto, 4u);
  say(chunk(0));
  EXPECT_EQ(last<TransferCredit>()->next, 1u);
  EXPECT_EQ(last<TransferCredit>()->upto, 5u);
  EXPECT_FALSE(last<TransferCredit>()->again);
}

TEST_F(SnapshotReceiverTest, TakesNoMoreThanItGaveCreditFor) {
  say(offer_);
  for (uint64_t i = 0; i < 7; ++i) {
    node_.receiver().received({kSnapshotGroup, kLeader, kFollower, 1, chunk(i)});
  }
  settle();
  EXPECT_EQ(last<TransferCredit>()->next, 4u);
}

TEST_F(SnapshotReceiverTest, AsksOnceForWhatIsMissing) {
  say(offer_);
  const size_t before = answers_.size();
  say(chunk(1));
  say(chunk(2));
  ASSERT_EQ(answers_.size(), before + 1);
  EXPECT_TRUE(last<TransferCredit>()->again);
  EXPECT_EQ(last<TransferCredit>()->next, 0u);
}

TEST_F(SnapshotReceiverTest, FetchesADamagedChunkAgain) {
  say(offer_);
  TransferChunk damaged = chunk(0);
  damaged.payload[7] = static_cast<char>(damaged.payload[7] ^ 1);
  say(damaged);
  EXPECT_TRUE(last<TransferCredit>()->again);
  EXPECT_EQ(last<TransferCredit>()->next, 0u);
  say(chunk(0));
  EXPECT_EQ(last<TransferCredit>()->next, 1u);
  EXPECT_EQ(node_.fault, "");
}

TEST_F(SnapshotReceiverTest, StepsTheMessageOnlyWhenAllIsSealed) {
  say(offer_);
  node_.expected = offer_.manifest;
  for (uint64_t i = 0; i < 8; ++i) {
    EXPECT_TRUE(node_.stepped.empty());
    say(chunk(i));
  }
  EXPECT_EQ(node_.stepped.size(), 1u);
  EXPECT_NE(last<TransferDone>(), nullptr);
  EXPECT_TRUE(holds(node_.taken.at(0), source_));
}

TEST_F(SnapshotReceiverTest, SaysAgainThatItIsDone) {
  say(offer_);
  for (uint64_t i = 0; i < 8; ++i) say(chunk(i));
  say(offer_, 2);
  EXPECT_NE(last<TransferDone>(), nullptr);
  EXPECT_EQ(answers_.back().number, 2u);
  EXPECT_EQ(node_.stepped.size(), 2u) << "the core may not have taken the first";
}

TEST_F(SnapshotReceiverTest, AWholeThatIsNotWhatWasPromisedIsThrownAway) {
  SnapshotManifest lie = reader_->manifest();
  lie.checksum ^= 1;
  offer_.manifest = encode(lie);
  say(offer_);
  for (uint64_t i = 0; i < 8; ++i) say(chunk(i));
  EXPECT_EQ(refusal(), "the chunks do not make the whole");
  EXPECT_TRUE(node_.stepped.empty());
  EXPECT_TRUE(node_.disk.list().value().empty());
}

TEST_F(SnapshotReceiverTest, RefusesWhatItCannotTake) {
  say(TransferOffer{"nonsense", "message"});
  EXPECT_NE(refusal(), "");
  node_.receiver().received({{3, 7}, kLeader, kFollower, 1, offer_});
  EXPECT_EQ(refusal(), "the snapshot is of another group");
  node_.absent.insert({kSnapshotGroup, kFollower});
  say(offer_);
  EXPECT_EQ(refusal(), "there is no such replica here");
  node_.absent.clear();
  node_.disk.set_free_bytes(SnapshotReceiver::kReserveBytes + 100'000);
  say(offer_);
  EXPECT_EQ(refusal(), "the disk has no room for it");
  EXPECT_EQ(node_.receiver().transfers(), 0u);
}

TEST_F(SnapshotReceiverTest, TakesAFewAtOnce) {
  for (ReplicaId to = 1; to <= 5; ++to) {
    node_.receiver().received({kSnapshotGroup, kLeader, to, 1, offer_});
  }
  EXPECT_EQ(refusal(), "too much at once");
  EXPECT_EQ(node_.receiver().transfers(), 4u);
  settle();
}

TEST_F(SnapshotReceiverTest, ANewerSnapshotTakesThePlaceOfOneUnderWay) {
  say(offer_);
  say(chunk(0));
  fill_shard(source_, 6000, 300, 200);
  reader_ = std::make_unique<SnapshotReader>(measured(source_));
  offer_.manifest = encode(reader_->manifest());
  say(offer_, 2);
  EXPECT_EQ(last<TransferCredit>()->next, 0u);
  for (const std::string& file : node_.disk.list().value()) EXPECT_EQ(file.find("3-2-9-100."), std::string::npos);
}

TEST_F(SnapshotReceiverTest, ASnapshotIsNotReplacedWhileItIsInstalled) {
  say(offer_);
  node_.expected = offer_.manifest;
  for (uint64_t i = 0; i < 8; ++i) say(chunk(i));
  ASSERT_EQ(node_.taken.size(), 1u);
  fill_shard(source_, 6000, 300, 200);
  offer_.manifest = encode(measured(source_).manifest());
  say(offer_, 2);
  EXPECT_EQ(refusal(), "another snapshot is being installed");
  node_.receiver().installed(kSnapshotGroup, kFollower);
  settle();
  EXPECT_TRUE(node_.disk.list().value().empty());
  say(offer_, 3);
  EXPECT_NE(last<TransferCredit>(), nullptr);
}

TEST_F(SnapshotReceiverTest, ASnapshotThatTheCoreTakesLaterWaitsForIt) {
  node_.promises = true;
  say(offer_);
  for (uint64_t i = 0; i < 8; ++i) say(chunk(i));
  TransferOffer newer = offer_;
  fill_shard(source_, 6000, 300, 200);
  newer.manifest = encode(measured(source_).manifest());
  say(newer, 2);
  EXPECT_EQ(refusal(), "another snapshot is being installed");
  for (int i = 0; i < 2 * SnapshotReceiver::kKeepTicks; ++i) node_.receiver().tick();
  EXPECT_TRUE(node_.receiver().take(kSnapshotGroup, kFollower, offer_.manifest).has_value());
}

TEST_F(SnapshotReceiverTest, ForgetsWhatNobodyGoesOnWith) {
  say(offer_);
  say(chunk(0));
  EXPECT_FALSE(node_.disk.list().value().empty());
  for (int i = 0; i < 2 * SnapshotReceiver::kKeepTicks; ++i) node_.receiver().tick();
  settle();
  EXPECT_EQ(node_.receiver().transfers(), 0u);
  EXPECT_TRUE(node_.disk.list().value().empty());
}

TEST_F(SnapshotReceiverTest, ADiskThatFailsStopsTheNode) {
  say(offer_);
  node_.disk.fail_at(node_.disk.operations(), DiskFault::kError);
  say(chunk(0));
  EXPECT_NE(node_.fault, "");
  EXPECT_TRUE(node_.stepped.empty());
}

}  // namespace
}  // namespace stoa
