#include "storage/snapshot_manifest.hpp"

#include <gtest/gtest.h>

#include "tests/hex.hpp"

namespace stoa {
namespace {

SnapshotManifest manifest() {
  SnapshotManifest out;
  out.group = GroupId{3, 2}.value();
  out.index = 100;
  out.term = 4;
  out.members = "members";
  out.bytes = 2 * kSnapshotChunkBytes + 5;
  out.chunks = 3;
  out.checksum = 0x12345678;
  return out;
}

TEST(SnapshotManifest, ComesBackAsItWas) {
  const auto back = decode_manifest(encode(manifest()));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(encode(*back), encode(manifest()));
  EXPECT_EQ(back->chunk_bytes(1), kSnapshotChunkBytes);
  EXPECT_EQ(back->chunk_bytes(2), 5u);
}

TEST(SnapshotManifest, KeepsItsBytes) {
  EXPECT_EQ(hex(encode(manifest())), "08011082800c186420042a076d656d6265727330e5ff1f380340f8acd19101");
}

TEST(SnapshotManifest, RefusesAnotherVersion) {
  SnapshotManifest newer = manifest();
  newer.version = 2;
  EXPECT_NE(decode_manifest(encode(newer)).error().what.find("version 2"), std::string::npos);
}

TEST(SnapshotManifest, RefusesNumbersThatDoNotFit) {
  SnapshotManifest wrong = manifest();
  wrong.chunks = 4;
  EXPECT_FALSE(decode_manifest(encode(wrong)).ok());
  wrong = manifest();
  wrong.bytes = ~uint64_t{0};
  EXPECT_FALSE(decode_manifest(encode(wrong)).ok());
  wrong = manifest();
  wrong.index = 0;
  EXPECT_FALSE(decode_manifest(encode(wrong)).ok());
  EXPECT_FALSE(decode_manifest("\xff\xff").ok());
}

TEST(SnapshotManifest, AChunksChecksumNamesItsPlace) {
  EXPECT_NE(snapshot_chunk_checksum(1, "payload"), snapshot_chunk_checksum(2, "payload"));
}

}  // namespace
}  // namespace stoa
