#include "cluster/transfer_message.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace stoa {
namespace {

TransferMessage message(decltype(TransferMessage::body) body) { return {{3, 2}, 5, 9, 77, std::move(body)}; }

TEST(TransferMessage, ComesBackAsItWas) {
  const auto chunk = decode_transfer(encode_transfer(message(TransferChunk{4, 0xfeedbeef, std::string("\0x", 2)})));
  ASSERT_TRUE(chunk.has_value());
  EXPECT_EQ(chunk->group, (GroupId{3, 2}));
  EXPECT_EQ(chunk->from, 5u);
  EXPECT_EQ(chunk->to, 9u);
  EXPECT_EQ(chunk->number, 77u);
  EXPECT_EQ(std::get<TransferChunk>(chunk->body).checksum, 0xfeedbeefu);
  EXPECT_EQ(std::get<TransferChunk>(chunk->body).payload, std::string("\0x", 2));
  const auto credit = decode_transfer(encode_transfer(message(TransferCredit{3, 7, true})));
  EXPECT_EQ(std::get<TransferCredit>(credit->body).upto, 7u);
  EXPECT_TRUE(std::get<TransferCredit>(credit->body).again);
  EXPECT_TRUE(std::holds_alternative<TransferDone>(decode_transfer(encode_transfer(message(TransferDone{})))->body));
  const auto failed = decode_transfer(encode_transfer(message(TransferFailed{"no"})));
  EXPECT_EQ(std::get<TransferFailed>(failed->body).reason, "no");
  const auto offer = decode_transfer(encode_transfer(message(TransferOffer{"manifest", "consensus"})));
  EXPECT_EQ(std::get<TransferOffer>(offer->body).consensus, "consensus");
}

TEST(TransferMessage, AKindThatIsNotKnownIsNoMessage) {
  std::string bytes = encode_transfer(message(TransferDone{}));
  const size_t kind = bytes.find("\x28\x04");
  ASSERT_NE(kind, std::string::npos);
  bytes[kind + 1] = 6;
  EXPECT_EQ(decode_transfer(bytes), std::nullopt);
  bytes[kind + 1] = 0;
  EXPECT_EQ(decode_transfer(bytes), std::nullopt);
}

TEST(TransferMessage, SurvivesAnyBytes) {
  SeededRandom random(3);
  for (int round = 0; round < 5000; ++round) {
    std::string bytes = encode_transfer(message(TransferChunk{4, 9, "payload of a chunk"}));
    for (int i = 0; i < 3; ++i) bytes[random.below(bytes.size())] = static_cast<char>(random.u64());
    (void)decode_transfer(bytes);
  }
}

}  // namespace
}  // namespace stoa
