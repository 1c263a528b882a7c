#include "cluster/directory.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

Directory two_groups() {
  Directory directory;
  directory.formation = "f";
  directory.nodes.resize(1);
  directory.nodes[0].name = "n1";
  directory.groups.resize(2);
  directory.groups[1].service = 3;
  directory.groups[1].shard = 5;
  directory.groups[1].replicas = {{"n1", 11}, {"n2", 12}};
  return directory;
}

TEST(Directory, KnowsWhereAReplicaIs) {
  const Directory directory = two_groups();
  EXPECT_EQ(directory.node_of({3, 5}, 12), "n2");
  EXPECT_EQ(directory.node_of({3, 5}, 13), "");
  EXPECT_EQ(directory.node_of({3, 6}, 12), "");
}

TEST(Directory, SurvivesItsEncoding) {
  const auto again = decode<Directory>(encode(two_groups()));
  ASSERT_TRUE(again.has_value());
  EXPECT_TRUE(again->formed());
  ASSERT_NE(again->group({3, 5}), nullptr);
  EXPECT_EQ(again->group({3, 5})->replicas.size(), 2u);
  ASSERT_NE(again->node("n1"), nullptr);
  EXPECT_EQ(again->node("n2"), nullptr);
}

}  // namespace
}  // namespace stoa
