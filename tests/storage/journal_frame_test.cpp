#include "storage/journal_frame.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

std::string frame(std::string_view records) {
  std::string out;
  begin_frame(out);
  out.append(records);
  finish_frame(out, 7, 42);
  return out;
}

TEST(JournalFrame, FillsWholeBlocks) {
  EXPECT_EQ(frame("").size(), kJournalBlock);
  EXPECT_EQ(frame(std::string(kJournalBlock - kFrameHeaderBytes, 'x')).size(), kJournalBlock);
  EXPECT_EQ(frame(std::string(kJournalBlock - kFrameHeaderBytes + 1, 'x')).size(), 2 * kJournalBlock);
}

TEST(JournalFrame, IsReadAsItWasWritten) {
  const std::string bytes = frame("some records");
  const auto header = peek_frame(bytes);
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(header->sequence, 7u);
  EXPECT_EQ(header->turn, 42u);
  EXPECT_TRUE(frame_is_valid(bytes, *header));
  EXPECT_EQ(frame_records(bytes, *header), "some records");
}

TEST(JournalFrame, IsNotValidWithAnyBitFlipped) {
  const std::string bytes = frame("some records");
  for (size_t bit = 0; bit < (kFrameHeaderBytes + 12) * 8; ++bit) {
    std::string flipped = bytes;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    const auto header = peek_frame(flipped);
    EXPECT_FALSE(header && frame_bytes(header->length) <= flipped.size() && frame_is_valid(flipped, *header)) << bit;
  }
}

TEST(JournalFrame, NothingIsAFrameThatDoesNotSaySo) {
  EXPECT_FALSE(peek_frame(std::string(kJournalBlock, '\0')).has_value());
  EXPECT_FALSE(peek_frame("short").has_value());
}

TEST(SegmentHeader, IsReadAsItWasWritten) {
  const std::string block = encode_header({9, 1000});
  EXPECT_EQ(block.size(), kJournalBlock);
  const auto header = decode_header(block).value();
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(header->sequence, 9u);
  EXPECT_EQ(header->kept, 1000u);
}

TEST(SegmentHeader, IsNoneWithAnyBitFlipped) {
  for (size_t bit = 0; bit < 32 * 8; ++bit) {
    std::string block = encode_header({9, 1000});
    block[bit / 8] = static_cast<char>(block[bit / 8] ^ (1 << bit % 8));
    EXPECT_FALSE(decode_header(block).value().has_value()) << bit;
  }
}

// The first bytes of a journal that was written once stay readable for ever.
TEST(SegmentHeader, LooksAsTheFormatPageSays) {
  const std::string block = encode_header({0x0102, 0x0304});
  EXPECT_EQ(block.substr(0, 28), std::string("STOAJRNL\x01\0\0\0\x02\x01\0\0\0\0\0\0\x04\x03\0\0\0\0\0\0", 28));
}

}  // namespace
}  // namespace stoa
