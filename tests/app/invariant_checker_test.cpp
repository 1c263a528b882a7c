#include "app/invariant_checker.hpp"

#include <gtest/gtest.h>

#include "tests/actors/runtime/cluster_of_nodes.hpp"

namespace stoa {
namespace {

constexpr GroupId kGroup{counter::kNumber, 0};

struct CheckedFollower {
  ClusterOfNodes cluster{3};
  ShardHost* host = nullptr;

  CheckedFollower() {
    cluster.run_until([&] { return !cluster.leader(0).empty(); });
    for (auto& [name, node] : cluster.nodes) {
      if (name != cluster.leader(0)) host = &node->host();
    }
  }
  // Until it is applied at the follower too.
  void shift(uint64_t id) {
    const auto answer = cluster.call("n1", 0, Shift{Uuid{0, id}, "a", 1});
    ASSERT_TRUE(answer && !answer->refused());
    const ShardState& state = *host->find(kGroup)->state;
    cluster.run_until([&] {
      return Reader(state, 0, {}).find<counter::Shifted>(std::tuple(Uuid{0, id}, std::string("a"))).has_value();
    });
  }
  // All shards of the node, once; how many records were looked at.
  size_t look(InvariantChecker& checker) {
    counter::looked_at = 0;
    for (size_t i = 0; i < host->shards().size(); ++i) checker.step();
    return counter::looked_at;
  }
};

// It once looked at everything in each round, which took a tenth of a loaded cluster's CPU and grew with its data.
TEST(InvariantChecker, LooksOnlyAtWhatHasChangedAtAFollowerToo) {
  CheckedFollower follower;
  for (uint64_t id = 1; id <= 20; ++id) follower.shift(id);
  InvariantChecker checker(*follower.host, follower.cluster.clock);
  EXPECT_EQ(follower.look(checker), 0u) << "nothing has changed since it was made";
  follower.shift(21);
  const Reader reader(*follower.host->find(kGroup)->state, 0, {});
  checker.applying(kGroup, {{reader.key_of<counter::Shifted>(std::tuple(Uuid{0, 21}, std::string("a"))), "x"}});
  EXPECT_EQ(follower.look(checker), 1u);
}

TEST(InvariantChecker, LooksAtAllOfWhatIsHereAnew) {
  CheckedFollower follower;
  for (uint64_t id = 1; id <= 20; ++id) follower.shift(id);
  counter::looked_at = 0;
  InvariantChecker checker(*follower.host, follower.cluster.clock);
  EXPECT_EQ(counter::looked_at, 20u);
}

}  // namespace
}  // namespace stoa
