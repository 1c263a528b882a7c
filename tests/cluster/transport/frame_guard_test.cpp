#include "cluster/transport/frame_guard.hpp"

#include <gtest/gtest.h>
#include <string>

namespace stoa {
namespace {

using End = FrameGuard::End;

std::string frame(uint8_t operation, uint32_t length, uint64_t data = 0, bool whole = true) {
  std::string bytes(FrameGuard::kHeaderBytes, '\0');
  bytes[0] = static_cast<char>(operation);
  for (int i = 0; i < 4; ++i) bytes[4 + i] = static_cast<char>(length >> (24 - 8 * i));
  for (int i = 0; i < 8; ++i) bytes[8 + i] = static_cast<char>(data >> (56 - 8 * i));
  if (whole) bytes.append(length, 'x');
  return bytes;
}

std::string verdict(End end, const std::string& bytes, bool admitted = true) {
  FrameGuard guard(end);
  if (admitted) guard.admit();
  const char* fault = guard.look(bytes.data(), bytes.size());
  return fault == nullptr ? "" : fault;
}

const std::string kServerHandshake = frame(0, 40, 3), kClientHandshake = frame(1, 21);

TEST(FrameGuard, LetsAnOrdinaryConversationThrough) {
  EXPECT_EQ(verdict(End::kAccepted, kClientHandshake + kClientHandshake + frame(2, 500) + frame(4, 50) + frame(6, 0) +
                                        frame(5, 60) + frame(2, 1 << 20, 1ull << 60)),
            "");
  EXPECT_EQ(verdict(End::kDialed, kServerHandshake + frame(2, 500) + frame(6, 0)), "");
}

TEST(FrameGuard, SeesTheSameHoweverTheBytesAreCut) {
  const std::string good = kClientHandshake + frame(2, 70) + frame(6, 0), bad = good + frame(7, 1);
  for (size_t size = 1; size <= bad.size(); ++size) {
    FrameGuard guard(End::kAccepted);
    const char* fault = nullptr;
    size_t at = 0;
    for (; at < bad.size() && fault == nullptr; at += size)
      fault = guard.look(bad.data() + at, std::min(size, bad.size() - at));
    ASSERT_STREQ(fault, "what came is no frame of ours") << size;
    ASSERT_GT(at, good.size()) << "not before it was there";
  }
}

TEST(FrameGuard, IsProvenByAWholeHandshakeOnly) {
  FrameGuard guard(End::kAccepted);
  EXPECT_EQ(guard.look(kClientHandshake.data(), kClientHandshake.size() - 1), nullptr);
  EXPECT_FALSE(guard.proven());
  EXPECT_EQ(guard.look(kClientHandshake.data(), 1), nullptr);
  EXPECT_TRUE(guard.proven());
}

// Each of these crashed CAF's parser, or made it allocate what the header claimed.
TEST(FrameGuard, RefusesTheFramesThatBreakTheParser) {
  EXPECT_EQ(verdict(End::kDialed, frame(0, 0, 1)), "a frame has a wrong length");
  EXPECT_EQ(verdict(End::kAccepted, frame(1, 0xffffffff, 0, false)), "a frame is too large");
  EXPECT_EQ(verdict(End::kAccepted, kClientHandshake + frame(2, 0xffffffff, 0, false)), "a frame is too large");
  EXPECT_EQ(verdict(End::kAccepted, kClientHandshake + frame(2, 100, 2ull << 60)),
            "a frame has an impossible message id");
  EXPECT_EQ(verdict(End::kAccepted, kClientHandshake + frame(2, 100, 3ull << 60)),
            "a frame has an impossible message id");
}

TEST(FrameGuard, RefusesUnknownOperationsAndMissingPayloads) {
  for (int operation = 7; operation < 256; ++operation)
    EXPECT_EQ(verdict(End::kAccepted, frame(static_cast<uint8_t>(operation), 1)), "what came is no frame of ours");
  for (uint8_t operation : {1, 2, 4, 5})
    EXPECT_EQ(verdict(End::kAccepted, kClientHandshake + frame(operation, 0)), "a frame has a wrong length");
  EXPECT_EQ(verdict(End::kAccepted, kClientHandshake + frame(6, 1)), "a frame has a wrong length");
}

TEST(FrameGuard, WaitsForNoWholeHeaderToRefuseAnotherProtocol) {
  EXPECT_EQ(verdict(End::kAccepted, "GET / HTTP/1.1"), "what came is no frame of ours");
  EXPECT_EQ(verdict(End::kAccepted, "\x16\x03\x01"), "what came is no frame of ours") << "a TLS hello";
}

TEST(FrameGuard, WantsAHandshakeFirstAndOfTheRightKind) {
  for (uint8_t operation : {2, 4, 5}) {
    EXPECT_EQ(verdict(End::kAccepted, frame(operation, 1)), "the first frame is no handshake");
    EXPECT_EQ(verdict(End::kDialed, frame(operation, 1)), "the first frame is no handshake");
  }
  EXPECT_EQ(verdict(End::kAccepted, frame(6, 0)), "the first frame is no handshake");
  EXPECT_EQ(verdict(End::kAccepted, kServerHandshake), "a handshake is out of place");
  EXPECT_EQ(verdict(End::kDialed, kClientHandshake), "a handshake is out of place");
  EXPECT_EQ(verdict(End::kDialed, kServerHandshake + kServerHandshake), "a handshake is out of place");
  EXPECT_EQ(verdict(End::kAccepted, kClientHandshake + kClientHandshake + kClientHandshake),
            "a handshake is out of place");
}

TEST(FrameGuard, KeepsToItsBounds) {
  EXPECT_EQ(verdict(End::kAccepted, frame(1, FrameGuard::kMaxFirstPayloadBytes)), "");
  EXPECT_EQ(verdict(End::kAccepted, frame(1, FrameGuard::kMaxFirstPayloadBytes + 1, 0, false)),
            "a handshake is too large");
  EXPECT_EQ(verdict(End::kAccepted, kClientHandshake + frame(2, FrameGuard::kMaxPayloadBytes, 0, false)), "");
  EXPECT_EQ(verdict(End::kAccepted, kClientHandshake + frame(2, FrameGuard::kMaxPayloadBytes + 1, 0, false)),
            "a frame is too large");
}

TEST(FrameGuard, GivesWhoeverIsNotAdmittedLessRoom) {
  constexpr uint32_t kMost = FrameGuard::kMaxFirstPayloadBytes;
  EXPECT_EQ(verdict(End::kAccepted, kClientHandshake + frame(2, kMost), false), "");
  EXPECT_EQ(verdict(End::kAccepted, kClientHandshake + frame(2, kMost + 1, 0, false), false),
            "a stranger's frame is too large");
  EXPECT_EQ(verdict(End::kAccepted, kClientHandshake + frame(2, kMost) + frame(2, kMost), false),
            "it sends too much before it is admitted");
  EXPECT_EQ(verdict(End::kDialed, kServerHandshake + frame(2, kMost + 1) + frame(2, kMost), false), "")
      << "we chose it";
}

TEST(FrameGuard, ForwardsNothing) {
  EXPECT_EQ(verdict(End::kAccepted, kClientHandshake + frame(3, 100)), "a frame asks to be forwarded");
}

}  // namespace
}  // namespace stoa
