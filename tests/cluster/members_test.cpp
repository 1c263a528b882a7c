#include "cluster/members.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

TEST(Members, SurviveTheirEncoding) {
  Members members;
  members.voters = {1, 2, 1ull << 60};
  members.learners = {7};
  members.voters_outgoing = {1, 9};
  members.learners_next = {9};
  members.auto_leave = true;
  Members back;
  ASSERT_TRUE(Members::decode(members.encode(), back));
  EXPECT_EQ(back, members);
  ASSERT_TRUE(Members::decode(Members{}.encode(), back));
  EXPECT_EQ(back, Members{});
}

// Durable: what was written once must stay readable.
TEST(Members, KeepTheirBytes) {
  Members members;
  members.voters = {1, 2};
  members.learners = {300};
  EXPECT_EQ(members.encode(), std::string("\x0a\x02\x01\x02\x12\x02\xac\x02", 8));
}

TEST(Members, RefuseBrokenBytes) {
  Members members;
  EXPECT_FALSE(Members::decode("\x0a\x7f", members));
}

TEST(Members, CountBothHalvesOfAChangeAsVoters) {
  Members members;
  members.voters = {1, 2};
  members.voters_outgoing = {3};
  members.learners = {4};
  EXPECT_TRUE(members.is_voter(3));
  EXPECT_FALSE(members.is_voter(4));
  EXPECT_TRUE(members.contains(4));
  EXPECT_FALSE(members.contains(5));
}

TEST(Members, KnowWhoDecidesAlone) {
  Members members;
  members.voters = {1};
  members.learners = {2};
  EXPECT_TRUE(members.sole_voter(1));
  EXPECT_FALSE(members.sole_voter(2));
  members.voters_outgoing = {1, 3};
  EXPECT_FALSE(members.sole_voter(1));
}

}  // namespace
}  // namespace stoa
