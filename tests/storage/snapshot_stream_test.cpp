#include "storage/snapshot_stream.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "storage/key.hpp"
#include "storage/varint.hpp"

namespace stoa {
namespace {

constexpr uint16_t kShard = 2;

std::string key(std::string_view name) { return table_prefix(kShard, 1).append(name); }

std::string streamed(const std::vector<std::pair<std::string, std::string>>& records) {
  std::string out;
  for (const auto& [k, v] : records) append_snapshot_record(out, k, v);
  return out;
}

bool sound(const std::string& stream) {
  SnapshotStreamReader reader(kShard);
  return reader.take(stream, [](std::string_view, std::string_view) {}).ok() && reader.at_end();
}

TEST(SnapshotStream, GivesItsRecordsHoweverItIsCut) {
  const std::vector<std::pair<std::string, std::string>> records{
      {key("a"), ""}, {key("b"), std::string(1000, 'x')}, {key("c"), std::string("\0\xff", 2)}};
  const std::string stream = streamed(records);
  for (size_t piece = 1; piece <= stream.size(); ++piece) {
    SnapshotStreamReader reader(kShard);
    std::vector<std::pair<std::string, std::string>> seen;
    for (size_t at = 0; at < stream.size(); at += piece) {
      ASSERT_TRUE(
          reader.take(std::string_view(stream).substr(at, piece), [&](auto k, auto v) { seen.emplace_back(k, v); })
              .ok());
    }
    EXPECT_EQ(seen, records) << "pieces of " << piece;
    EXPECT_TRUE(reader.at_end());
  }
}

TEST(SnapshotStream, KnowsThatARecordIsNotWhole) {
  const std::string stream = streamed({{key("a"), "value"}});
  EXPECT_TRUE(sound(stream));
  for (size_t cut = 1; cut < stream.size(); ++cut) EXPECT_FALSE(sound(stream.substr(0, cut)));
}

TEST(SnapshotStream, RefusesRecordsOfAnotherShardAndTheMark) {
  EXPECT_FALSE(sound(streamed({{table_prefix(kShard + 1, 1) + "a", "1"}})));
  EXPECT_FALSE(sound(streamed({{table_prefix(kShard, 0), "1"}})));
  EXPECT_FALSE(sound(streamed({{"", "1"}})));
}

TEST(SnapshotStream, RefusesRecordsOutOfOrder) {
  EXPECT_FALSE(sound(streamed({{key("b"), "1"}, {key("a"), "1"}})));
  EXPECT_FALSE(sound(streamed({{key("a"), "1"}, {key("a"), "1"}})));
}

TEST(SnapshotStream, GivesUpOnARecordWithoutAnEnd) {
  std::string stream;
  put_sized(stream, key("a"));
  put_varint(stream, ~uint64_t{0});
  SnapshotStreamReader reader(kShard);
  const auto ignore = [](std::string_view, std::string_view) {};
  ASSERT_TRUE(reader.take(stream, ignore).ok());
  const std::string piece(1 << 20, 'x');
  size_t taken = 0;
  while (reader.take(piece, ignore).ok()) ASSERT_LT(taken += piece.size(), 2 * kMaxSnapshotRecordBytes);
}

TEST(SnapshotStream, SurvivesAnyBytes) {
  SeededRandom random(7);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes = streamed({{key("a"), "value"}, {key("b"), std::string(200, 'v')}});
    for (int flips = 0; flips < 3; ++flips) bytes[random.below(bytes.size())] = static_cast<char>(random.u64());
    SnapshotStreamReader reader(kShard);
    (void)reader.take(bytes, [](std::string_view k, std::string_view) { EXPECT_GE(k, table_prefix(kShard, 1)); });
  }
}

}  // namespace
}  // namespace stoa
