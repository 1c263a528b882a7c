#include "app/catalog_forming.hpp"

#include <gtest/gtest.h>

#include "app/node_config.hpp"

namespace stoa {
namespace {

TEST(CatalogForming, EveryGroupIsOnTheOneNodeUnderTheReplicaThatIsThere) {
  const Config config = dev_config(DevOptions{});
  std::map<GroupId, ReplicaBirth> replicas;
  for (const GroupId group : all_groups(config)) replicas[group] = ReplicaBirth::alone(group.value() + 100);
  const Directory d = directory_of_one(config, config.nodes.front(), replicas, "f");
  EXPECT_TRUE(d.formed());
  EXPECT_EQ(d.groups.size(), replicas.size());
  EXPECT_EQ(d.groups.front().id(), (GroupId{0, 0}));
  for (const DirectoryGroup& group : d.groups) {
    EXPECT_TRUE(group.settled);
    EXPECT_EQ(d.node_of(group.id(), group.id().value() + 100), "dev");
  }
  EXPECT_EQ(d.node("dev")->status, NodeStatus::kAlive);
}

}  // namespace
}  // namespace stoa
