#include "storage/entry.hpp"

#include <gtest/gtest.h>

#include "base/crc32c.hpp"
#include "base/random.hpp"
#include "storage/little_endian.hpp"
#include "tests/hex.hpp"

namespace stoa {
namespace {

Entry sample() {
  Entry entry;
  entry.time.ms = 1'700'000'000'123;
  entry.term = 7;
  entry.causes.push_back({"PlaceOrder", "0af7", UserId{Uuid{1, 2}}, RequestId{Uuid{0x0102030405060708, 9}}});
  entry.causes.push_back({"ExpireReservation", "", {}, {}});
  entry.payload = "write set";
  return entry;
}

void expect_equal(const Entry& a, const Entry& b) {
  EXPECT_EQ(a.type, b.type);
  EXPECT_EQ(a.time, b.time);
  EXPECT_EQ(a.term, b.term);
  EXPECT_EQ(a.causes, b.causes);
  EXPECT_EQ(a.payload, b.payload);
}

// The same bytes with another type or version, and a checksum that matches.
std::string altered(std::string bytes, size_t at, char value) {
  bytes[at] = value;
  bytes.resize(bytes.size() - sizeof(uint32_t));
  put_number(bytes, crc32c(bytes));
  return bytes;
}

// Frozen for ever: journals are full of these bytes.
TEST(Entry, StillReadsItsFirstVersion) {
  const auto decoded = decode_entry(
      unhex("0101fbd095ffbc310702"
            "0a506c6163654f7264657204306166370100000000000000020000000000000008070605040302010900000000000000"
            "114578706972655265736572766174696f6e000000000000000000000000000000000000000000000000000000000000000000"
            "777269746520736574e88d3864"));
  ASSERT_TRUE(decoded.ok());
  expect_equal(*decoded, sample());
}

TEST(Entry, KeepsItsSecondVersion) {
  Entry entry = sample();
  entry.causes.push_back({"PlaceOrder", "0af7651916cd43dd8448eb211c80319c", UserId{Uuid{1, 2}}, {}});
  EXPECT_EQ(hex(encode_entry(entry)),
            "0102fbd095ffbc31076903"
            "000a506c6163654f726465720e04306166370100000000000000020000000000000008070605040302010900000000000000"
            "00114578706972655265736572766174696f6e00"
            "0105dd43cd161965f70a9c31801c21eb4884"
            "01000000000000000200000000000000"
            "777269746520736574f2243fbb");
  const auto decoded = decode_entry(encode_entry(entry));
  ASSERT_TRUE(decoded.ok());
  expect_equal(*decoded, entry);
}

TEST(Entry, IsAppliedWithoutALookAtItsCauses) {
  const std::string bytes = encode_entry(sample());
  const auto view = view_envelope(bytes);
  ASSERT_TRUE(view.ok());
  EXPECT_EQ(view->time, sample().time);
  EXPECT_EQ(view->term, sample().term);
  EXPECT_EQ(view->payload, sample().payload);
}

TEST(Entry, BringsBackWhatItWasGiven) {
  const auto decoded = decode_entry(encode_entry(sample()));
  ASSERT_TRUE(decoded.ok());
  expect_equal(*decoded, sample());
  const auto empty = decode_entry(encode_entry({}));
  ASSERT_TRUE(empty.ok());
  expect_equal(*empty, {});
}

TEST(Entry, RefusesEverySingleDamage) {
  const std::string bytes = encode_entry(sample());
  for (size_t at = 0; at < bytes.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
      ASSERT_FALSE(decode_entry(damaged).ok()) << "bit " << bit << " of byte " << at;
    }
    ASSERT_FALSE(decode_entry(std::string_view(bytes).substr(0, at)).ok());
  }
}

TEST(Entry, RefusesAnUnknownTypeOrVersionByName) {
  const auto type = decode_entry(altered(encode_entry(sample()), 0, 9));
  ASSERT_FALSE(type.ok());
  EXPECT_NE(type.error().what.find("unknown type 9"), std::string::npos);
  const auto version = decode_entry(altered(encode_entry(sample()), 1, 3));
  ASSERT_FALSE(version.ok());
  EXPECT_NE(version.error().what.find("unknown version 3"), std::string::npos);
}

TEST(Entry, SurvivesAnyBytesWithAMatchingChecksum) {
  SeededRandom random(4);
  for (int i = 0; i < 50'000; ++i) {
    std::string bytes = encode_entry(sample());
    const size_t body = bytes.size() - sizeof(uint32_t);
    for (uint64_t n = 1 + random.below(4); n > 0; --n) {
      bytes[2 + random.below(body - 2)] = static_cast<char>(random.u64());
    }
    bytes.resize(random.below(3) == 0 ? 2 + random.below(body - 1) : body);
    put_number(bytes, crc32c(bytes));
    const auto decoded = decode_entry(bytes);
    if (decoded) expect_equal(*decode_entry(encode_entry(*decoded)), *decoded);
  }
}

}  // namespace
}  // namespace stoa
