#include "cluster/lead_choice.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

LeadCandidate at(ReplicaId id, bool fit, bool has_room, size_t reaches) { return {id, fit, has_room, reaches}; }

TEST(LeadChoice, GivesTheLeadToTheFirstWhenBothCanDoTheSame) {
  const LeadMove move = better_lead({at(1, true, true, 3), at(2, true, true, 3), at(3, true, true, 3)}, 2);
  EXPECT_EQ(move.to, 1u);
  EXPECT_FALSE(move.urgent);
}

TEST(LeadChoice, LeavesTheLeadWithTheFirst) {
  EXPECT_EQ(better_lead({at(1, true, true, 3), at(2, true, true, 3)}, 1).to, 0u);
}

TEST(LeadChoice, GivesNoLeadToOneThatIsNotFit) {
  EXPECT_EQ(better_lead({at(1, false, true, 3), at(2, true, true, 3)}, 2).to, 0u);
  EXPECT_EQ(better_lead({at(1, true, true, 2), at(2, false, true, 3)}, 1).to, 0u);
}

TEST(LeadChoice, LeavesANodeThatIsShortOfRoomAtOnce) {
  const LeadMove move = better_lead({at(1, true, false, 3), at(2, false, true, 3), at(3, true, true, 3)}, 1);
  EXPECT_EQ(move.to, 3u);
  EXPECT_TRUE(move.urgent);
}

TEST(LeadChoice, DoesNotGoBackToTheFirstWhileItIsShortOfRoomOrSeesFewer) {
  EXPECT_EQ(better_lead({at(1, true, false, 3), at(2, true, true, 3)}, 2).to, 0u);
  EXPECT_EQ(better_lead({at(1, true, true, 2), at(2, true, true, 3)}, 2).to, 0u);
}

TEST(LeadChoice, GoesToTheOneThatSeesAllNodesWhereACableIsCut) {
  // 1 and 2 do not see each other, 3 sees both: neither of them can ask the shards that the other leads.
  EXPECT_EQ(better_lead({at(1, true, true, 2), at(2, false, true, 2), at(3, true, true, 3)}, 1).to, 3u);
  EXPECT_EQ(better_lead({at(2, true, true, 2), at(1, false, true, 2), at(3, true, true, 3)}, 2).to, 3u);
}

TEST(LeadChoice, StaysWhereAllAreShortOfRoom) {
  EXPECT_EQ(better_lead({at(1, true, false, 3), at(2, true, false, 3)}, 1).to, 0u);
}

TEST(LeadChoice, SaysNothingOfALeaderThatIsNotWanted) { EXPECT_EQ(better_lead({at(1, true, true, 3)}, 9).to, 0u); }

}  // namespace
}  // namespace stoa
