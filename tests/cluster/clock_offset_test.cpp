#include "cluster/clock_offset.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

std::vector<PeerStatus> peers_ahead(const std::vector<int64_t>& clocks_ms) {
  std::vector<PeerStatus> peers;
  for (const int64_t ms : clocks_ms) {
    peers.emplace_back();
    peers.back().connected = true;
    peers.back().clock_ahead_ms = ms;
  }
  return peers;
}

TEST(ClockOffset, AFewSecondsAreNoFault) {
  EXPECT_FALSE(clock_offset_ms({}));
  EXPECT_FALSE(clock_offset_ms(peers_ahead({4999, -5000})));
}

TEST(ClockOffset, WhoIsOffTheOthersIsToldByHowMuch) {
  EXPECT_EQ(clock_offset_ms(peers_ahead({-9000, -9100})), 9000);
  EXPECT_EQ(clock_offset_ms(peers_ahead({60'000, 60'010, 0})), -60'000);
  EXPECT_EQ(clock_offset_ms(peers_ahead({7000})), -7000);
}

TEST(ClockOffset, OneOtherThatIsOffIsNotOurFault) {
  EXPECT_FALSE(clock_offset_ms(peers_ahead({9000, 3})));
  EXPECT_FALSE(clock_offset_ms(peers_ahead({9000, -9000})));
  EXPECT_FALSE(clock_offset_ms(peers_ahead({-9000, 0, 10})));
}

TEST(ClockOffset, WhoIsNotConnectedSaysNothing) {
  auto peers = peers_ahead({9000, 9000, 0});
  peers[0].connected = peers[1].connected = false;
  EXPECT_FALSE(clock_offset_ms(peers));
}

}  // namespace
}  // namespace stoa
