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

TEST(Directory, AMemberThatWasNotMetYetIsJoining) {
  DirectoryNode node;
  EXPECT_EQ(status_of(node), "joining");
  node.data_id = "disk";
  EXPECT_EQ(status_of(node), "alive");
  node.data_id.clear();
  node.status = NodeStatus::kGone;
  EXPECT_EQ(status_of(node), "gone");
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

// What is false or zero is left out on the wire, so no default may be anything else.
TEST(Directory, WhatIsNotSoSurvivesToo) {
  Directory directory = two_groups();
  directory.nodes[0].gateway = false;
  directory.groups[0].settled = false;
  const auto again = decode<Directory>(encode(directory));
  ASSERT_TRUE(again.has_value());
  EXPECT_FALSE(again->nodes[0].gateway);
  EXPECT_FALSE(again->groups[0].settled);
}

TEST(Directory, KnowsWhereAReplicaIsThatIsLeaving) {
  Directory directory = two_groups();
  directory.groups[1].leaving = {{"n3", 13}};
  EXPECT_EQ(directory.node_of({3, 5}, 13), "n3");
}

}  // namespace
}  // namespace stoa
