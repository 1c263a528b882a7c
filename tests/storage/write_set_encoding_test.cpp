#include "storage/write_set_encoding.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "tests/hex.hpp"

namespace stoa {
namespace {

std::string random_bytes(Random& random, uint64_t most) {
  std::string out(random.below(most + 1), '\0');
  for (char& c : out) c = static_cast<char>(random.below(4) == 0 ? random.u64() : random.below(3));
  return out;
}

WriteSet random_set(Random& random) {
  WriteSet set;
  for (uint64_t n = random.below(20); n > 0; --n) {
    const std::string key = random_bytes(random, 30), value = random_bytes(random, 200);
    set.put(key, random.below(3) == 0 ? std::nullopt : std::optional<std::string_view>(value));
  }
  return set;
}

// Frozen for ever: journals are full of these bytes.
TEST(WriteSetEncoding, KeepsItsFirstVersion) {
  WriteSet set;
  set.put(std::string("\0\2\1stock/1", 10), "17");
  set.put(std::string("\0\2\1stock/22", 11), "");
  set.put(std::string("\0\2\2x", 4), std::nullopt);
  EXPECT_EQ(hex(encode_write_set(set)),
            "0103000a00020173746f636b2f31033137090232320102020278"
            "00");
  EXPECT_EQ(*decode_write_set(encode_write_set(set)), set);
  EXPECT_EQ(hex(encode_write_set({})), "0100");
}

TEST(WriteSetEncoding, BringsBackWhatItWasGiven) {
  SeededRandom random(1);
  for (int i = 0; i < 2000; ++i) {
    const WriteSet set = random_set(random);
    const auto decoded = decode_write_set(encode_write_set(set));
    ASSERT_TRUE(decoded.ok());
    ASSERT_EQ(*decoded, set);
  }
}

TEST(WriteSetEncoding, SharesWhatKeysHaveInCommon) {
  WriteSet set;
  for (int i = 100; i < 200; ++i) set.put("a long prefix that all of the keys share, number " + std::to_string(i), "");
  EXPECT_LT(encode_write_set(set).size(), 100u * 7);
}

TEST(WriteSetEncoding, RefusesWhatIsCutShort) {
  SeededRandom random(2);
  for (int i = 0; i < 300; ++i) {
    const std::string bytes = encode_write_set(random_set(random));
    for (size_t size = 0; size < bytes.size(); ++size) {
      ASSERT_FALSE(decode_write_set(std::string_view(bytes).substr(0, size)).ok()) << hex(bytes) << " cut at " << size;
    }
    ASSERT_FALSE(decode_write_set(bytes + '\0').ok());
  }
}

TEST(WriteSetEncoding, SurvivesAnyBytes) {
  SeededRandom random(3);
  size_t decoded = 0;
  for (int i = 0; i < 100'000; ++i) {
    std::string bytes = i % 2 == 0 ? "\1" + random_bytes(random, 60) : encode_write_set(random_set(random));
    for (uint64_t n = random.below(4); n > 0 && !bytes.empty(); --n) {
      bytes[random.below(bytes.size())] = static_cast<char>(random.u64());
    }
    const auto set = decode_write_set(bytes);
    if (!set) continue;
    ++decoded;
    ASSERT_EQ(*decode_write_set(encode_write_set(*set)), *set);
  }
  EXPECT_GT(decoded, 0u);
}

TEST(WriteSetEncoding, RefusesKeysThatDoNotRise) {
  EXPECT_TRUE(decode_write_set(std::string("\1\2\0\1a\0\0\1b\0", 10)).ok());
  EXPECT_FALSE(decode_write_set(std::string("\1\2\0\1b\0\0\1a\0", 10)).ok());
  EXPECT_FALSE(decode_write_set(std::string("\1\2\0\1a\0\0\1a\0", 10)).ok());
}

TEST(WriteSetEncoding, RefusesAnUnknownVersion) {
  std::string bytes = encode_write_set({});
  bytes[0] = 2;
  const auto set = decode_write_set(bytes);
  ASSERT_FALSE(set.ok());
  EXPECT_NE(set.error().what.find("version 2"), std::string::npos);
}

TEST(WriteSetEncoding, TakesNoSizeOnTrust) {
  EXPECT_FALSE(decode_write_set(std::string("\1\xff\xff\xff\xff\xff\xff\xff\xff\xff\1", 11)).ok());
  EXPECT_FALSE(decode_write_set(std::string("\1\1\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\1", 13)).ok());
  EXPECT_FALSE(decode_write_set(std::string("\1\1\0\1a\xff\xff\xff\xff\xff\xff\xff\xff\xff\1", 15)).ok());
  EXPECT_FALSE(decode_write_set(std::string("\1\1\0\1a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 15)).ok());
}

}  // namespace
}  // namespace stoa
