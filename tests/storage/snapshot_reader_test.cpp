#include "storage/snapshot_reader.hpp"

#include "base/crc32c.hpp"
#include "storage/snapshot_stream.hpp"
#include "tests/storage/snapshot_script.hpp"

namespace stoa {
namespace {

std::string all_chunks(const SnapshotReader& reader) {
  std::string out;
  for (uint64_t i = 0; i < reader.manifest().chunks; ++i) {
    const std::string payload = reader.chunk(i);
    EXPECT_EQ(payload.size(), reader.manifest().chunk_bytes(i));
    EXPECT_LE(payload.size(), kSnapshotChunkBytes);
    out += payload;
  }
  return out;
}

template <class Kind>
class SnapshotReaderOf : public ::testing::Test {
 protected:
  Database& database() { return kind_.database(); }
  Kind kind_;
};
TYPED_TEST_SUITE(SnapshotReaderOf, DatabaseKinds);

TYPED_TEST(SnapshotReaderOf, GivesTheWholeShardInChunks) {
  fill_shard(this->database(), 3000, 300);
  const SnapshotReader reader = measured(this->database());
  EXPECT_EQ(reader.manifest().index, 100u);
  EXPECT_EQ(reader.manifest().term, 4u);
  EXPECT_EQ(reader.manifest().members, "members");
  EXPECT_EQ(reader.manifest().chunks, 4u);
  const std::string stream = all_chunks(reader);
  EXPECT_EQ(stream.size(), reader.manifest().bytes);
  EXPECT_EQ(crc32c(stream), reader.manifest().checksum);
  std::string seen;
  SnapshotStreamReader records(kSnapshotGroup.shard);
  ASSERT_TRUE(records.take(stream, [&](auto k, auto v) { seen.append(k).append("=").append(v).append(";"); }).ok());
  EXPECT_EQ(seen, shard_content(this->database()));
}

TYPED_TEST(SnapshotReaderOf, GivesTheSameBytesWhateverIsWrittenMeanwhile) {
  fill_shard(this->database(), 3000, 300);
  const SnapshotReader reader = measured(this->database());
  const std::string before = all_chunks(reader);
  fill_shard(this->database(), 4000, 200, 101, 2);
  ASSERT_TRUE(this->database().flush().ok());
  EXPECT_EQ(reader.chunk(2), before.substr(2 * kSnapshotChunkBytes, kSnapshotChunkBytes));
  EXPECT_EQ(all_chunks(reader), before);
}

TYPED_TEST(SnapshotReaderOf, CutsARecordThatIsLargerThanAChunk) {
  fill_shard(this->database(), 3, 700'000);
  const SnapshotReader reader = measured(this->database());
  EXPECT_EQ(reader.manifest().chunks, 9u);
  EXPECT_EQ(crc32c(all_chunks(reader)), reader.manifest().checksum);
}

TYPED_TEST(SnapshotReaderOf, MeasuresALittleAtATime) {
  fill_shard(this->database(), 3000, 300);
  SnapshotReader reader(kSnapshotGroup, this->database().view(kSnapshotGroup.shard).value());
  int steps = 1;
  while (!reader.measure(100'000)) ++steps;
  EXPECT_GE(steps, 9);
  EXPECT_EQ(encode(reader.manifest()), encode(measured(this->database()).manifest()));
}

TYPED_TEST(SnapshotReaderOf, AnEmptyShardHasNoChunks) {
  fill_shard(this->database(), 0, 0);
  EXPECT_EQ(measured(this->database()).manifest().chunks, 0u);
}

}  // namespace
}  // namespace stoa
