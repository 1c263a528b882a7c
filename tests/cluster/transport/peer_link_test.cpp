#include "cluster/transport/peer_link.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

TEST(Backoff, DoublesUpToItsBoundWithHalfOfItAtRandom) {
  SeededRandom random(1);
  Backoff backoff;
  for (int64_t wait : {50, 100, 200, 400, 800, 1000, 1000, 1000}) {
    const int64_t ms = backoff.next_ms(Backoff::kUnreachableMs, random);
    EXPECT_GE(ms, wait / 2);
    EXPECT_LT(ms, wait / 2 + wait);
  }
  backoff.reset();
  EXPECT_LT(backoff.next_ms(Backoff::kUnreachableMs, random), 75);
}

TEST(UnderWay, CountsWhatIsNotAcknowledged) {
  UnderWay way;
  EXPECT_EQ(way.take(100), 1u);
  EXPECT_EQ(way.take(200), 2u);
  EXPECT_EQ(way.take(0), 3u);
  EXPECT_EQ(way.bytes(), 300 + 3 * UnderWay::kOverheadBytes);
  way.acknowledged(2);
  EXPECT_EQ(way.bytes(), UnderWay::kOverheadBytes);
  way.acknowledged(1);  // an older one says nothing new
  EXPECT_EQ(way.bytes(), UnderWay::kOverheadBytes);
  way.acknowledged(100);  // nor does one of what was never sent
  EXPECT_EQ(way.bytes(), 0u);
  EXPECT_EQ(way.take(1), 4u);
  way.acknowledged(4);
  EXPECT_EQ(way.bytes(), 0u);
}

TEST(UnderWay, TakesNothingBeyondItsBound) {
  UnderWay way;
  uint64_t number = 0;
  while (way.take(Transport::kMaxParcelBytes) != 0) ++number;
  EXPECT_EQ(number, 15u);
  EXPECT_LE(way.bytes(), Transport::kMaxBytesUnderWay);
  EXPECT_EQ(way.take(Transport::kMaxParcelBytes), 0u);
  way.acknowledged(1);
  EXPECT_EQ(way.take(Transport::kMaxParcelBytes), 16u);
}

TEST(PeerLink, ReadsThePeersClockInTheMiddleOfTheRoundTrip) {
  PeerLink peer;
  peer.compare_clocks(Time{5000}, Time{3010}, 20'000'000);
  EXPECT_EQ(peer.round_trip_ms, 20);
  EXPECT_EQ(peer.clock_ahead_ms, 2000);
  peer.compare_clocks(Time{1}, Time{1}, -5);  // nonsense
  EXPECT_EQ(peer.clock_ahead_ms, 2000);
}

}  // namespace
}  // namespace stoa
