#include "actors/runtime/packed_text.hpp"

#include <gtest/gtest.h>

#include "base/crc32c.hpp"
#include "base/random.hpp"
#include "storage/little_endian.hpp"
#include "storage/varint.hpp"
#include "tests/hex.hpp"

namespace stoa {
namespace {

const std::string kAnswer =
    R"({"id":"ord_01a216104dd87e70bf7d996c16aaa23b","customer_id":"usr_01a2160ffaa37c1e98785da7fc6f5179",)"
    R"("status":"confirmed","reason":null,"lines":[{"product_id":"prd_01a2160ffac07eb7a3312af77c4ce991",)"
    R"("sku":"demo-160","name":"Quiet Backpack 160","quantity":1,"unit_price":{"amount":1419,"currency":"EUR"},)"
    R"("total":{"amount":1419,"currency":"EUR"}}],"version":2,"created_at":"2026-11-26T04:14:56.984Z"})";

TEST(PackedText, ComesBackByteForByte) {
  SeededRandom random(1);
  for (const std::string& text : {std::string(), std::string("x"), kAnswer, std::string(200'000, 'a')}) {
    EXPECT_EQ(unpack_text(pack_text(text)), text);
  }
  for (int i = 0; i < 2'000; ++i) {
    std::string text;
    for (uint64_t n = random.below(300); n > 0; --n) text.push_back(static_cast<char>(random.u64()));
    ASSERT_EQ(unpack_text(pack_text(text)), text);
  }
}

TEST(PackedText, MakesAnAnswerSmallBySharedWords) { EXPECT_LT(pack_text(kAnswer).size(), kAnswer.size() / 2); }

// Frozen for ever: states are full of these bytes, and their words are in the dictionary.
TEST(PackedText, StillReadsItsFirstDictionary) {
  EXPECT_EQ(
      unpack_text(unhex(
          "018a03070c04ff113031613231363130346464383765373062663764393936633136616161323362f60205ff0e32313630666661"
          "61333763316539383738356461376663366635313739130331036100f50763303765623761333331326166373763346365393931"
          "7c068664656d6f2d3136308406f2005175696574204261636b7061636b201c000f4a03113f3431394a03130f2900020f8a0116e0"
          "343a31343a35362e3938345a227d")),
      kAnswer);
}

// A block that is one copy of all words, and the five bytes that must end a block.
TEST(PackedText, KeepsEveryWordOfItsFirstDictionary) {
  constexpr size_t kWords = 1629;
  std::string packed("\x01", 1);
  put_varint(packed, kWords + 5);
  packed.push_back('\x0f');
  put_number(packed, static_cast<uint16_t>(kWords));
  size_t length = kWords - 4 - 15;
  for (; length >= 255; length -= 255) packed.push_back('\xff');
  packed.push_back(static_cast<char>(length));
  packed += "\x50-----";
  const auto words = unpack_text(packed);
  ASSERT_TRUE(words.has_value());
  EXPECT_EQ(crc32c(words->substr(0, kWords)), 0x327522cfu);
}

TEST(PackedText, RefusesWhatItDidNotMake) {
  const std::string packed = pack_text(kAnswer);
  EXPECT_EQ(unpack_text(""), std::nullopt);
  EXPECT_EQ(unpack_text("\x02" + packed.substr(1)), std::nullopt) << "another dictionary";
  for (size_t at = 0; at < packed.size(); ++at) EXPECT_EQ(unpack_text(packed.substr(0, at)), std::nullopt) << at;
  EXPECT_EQ(unpack_text(std::string("\x01\xff\xff\xff\xff\xff\xff\x01") + "abc"), std::nullopt) << "absurd size";
}

TEST(PackedText, SurvivesAnyBytes) {
  SeededRandom random(2);
  const std::string packed = pack_text(kAnswer);
  for (int i = 0; i < 50'000; ++i) {
    std::string bytes = packed;
    for (uint64_t n = 1 + random.below(4); n > 0; --n) {
      bytes[1 + random.below(bytes.size() - 1)] = static_cast<char>(random.u64());
    }
    const auto text = unpack_text(bytes);
    EXPECT_LE(text.value_or("").size(), 255 * bytes.size());
  }
}

}  // namespace
}  // namespace stoa
