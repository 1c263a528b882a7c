#include <gtest/gtest.h>

#include "tests/actors/catalog/cluster.hpp"

namespace stoa::catalog {
namespace {

constexpr GroupId kOrder0{3, 0};

std::set<uint64_t> ids_on(const Directory& d, const std::string& node) {
  std::set<uint64_t> ids;
  for (const DirectoryGroup& group : d.groups) {
    for (const DirectoryReplica& r : group.replicas) {
      if (r.node == node) ids.insert(r.id);
    }
  }
  return ids;
}

TEST(CatalogJoining, ANodeThatJoinsIsAliveAndRaisesTheVersion) {
  Cluster c(3, 3);
  const uint64_t before = c.directory().version;
  c.must(join_node, JoinNode{member("n4", 4), "ada", "", {}});
  EXPECT_EQ(c.directory().node("n4")->status, NodeStatus::kAlive);
  EXPECT_GT(c.directory().version, before);
}

TEST(CatalogJoining, ANameIsTakenWhileItsNodeLives) {
  Cluster c(3, 3);
  EXPECT_FALSE(c.run(join_node, JoinNode{member("n3", 3), "", "", {}}).is_refused());
  EXPECT_EQ(c.writes, 0u);
  EXPECT_EQ(c.run(join_node, JoinNode{member("n3", 9), "", "", {}}).answer.code, kNodeNameTaken.code);
  EXPECT_EQ(c.run(join_node, JoinNode{member("n4", 3), "", "", {}}).answer.code, kValidationFailed.code);
}

TEST(CatalogJoining, AGoneNameMayComeBackAsTheNewestNode) {
  Cluster c(4, 3);
  c.must(drain_node, DrainNode{"n2", ""});
  c.settle_all();
  c.must(remove_node, RemoveNode{"n2", false, ""});
  ASSERT_EQ(c.directory().node("n2")->status, NodeStatus::kGone);
  c.must(join_node, JoinNode{member("n2", 20), "", "", {}});
  const Directory d = c.directory();
  EXPECT_EQ(d.nodes.size(), 4u);
  EXPECT_EQ(d.nodes.back().name, "n2");
  EXPECT_EQ(d.node("n2")->host, "10.0.0.20");
  EXPECT_EQ(d.node("n2")->data_id, "") << "it is not the directory that left";
}

TEST(CatalogJoining, ANodeThatCannotBeIsToldByPointer) {
  Cluster c(3, 3);
  DirectoryNode node = member("n4", 4);
  node.http_port = 0;
  node.services = {"order", "order", "weather"};
  const Outcome outcome = c.run(join_node, JoinNode{node, "", "", {}});
  ASSERT_EQ(outcome.answer.errors.size(), 3u);
  EXPECT_EQ(outcome.answer.errors[0].pointer, "/http_port");
  EXPECT_EQ(outcome.answer.errors[1].pointer, "/services/1");
  EXPECT_EQ(outcome.answer.errors[2].pointer, "/services/2");
}

TEST(CatalogJoining, AConfigurationOfAnotherClusterIsToldByPointer) {
  Cluster c(3, 3);
  const Outcome outcome = c.run(join_node, JoinNode{member("n4", 4), "", "other", {{"order", 8}, {"payment", 4}}});
  ASSERT_EQ(outcome.answer.errors.size(), 2u);
  EXPECT_EQ(outcome.answer.errors[0].pointer, "/cluster");
  EXPECT_EQ(outcome.answer.errors[1].pointer, "/shards/order");
  EXPECT_FALSE(c.run(join_node, JoinNode{member("n4", 4), "", "demo", {{"order", 4}, {"payment", 4}}}).is_refused());
}

TEST(CatalogJoining, ANodeHoldsNothingBeforeItWasMet) {
  Cluster c(3, 2);
  c.must(join_node, JoinNode{member("n4", 4), "", "", {}});
  c.must(rebalance_groups, RebalanceGroups{""});
  c.settle_all();
  EXPECT_EQ(replicas_held(c.directory(), "n4"), 0u);
  c.must(admit_node, AdmitNode{"n4", "disk", ""});
  EXPECT_GT(replicas_held(c.directory(), "n4"), 0u);
  EXPECT_EQ(c.directory().node("n4")->data_id, "disk");
}

TEST(CatalogJoining, ANodeThatJoinsAgainStaysTheDirectoryThatItIs) {
  Cluster c(3, 2);
  c.join(member("n4", 4));
  EXPECT_FALSE(c.run(join_node, JoinNode{member("n4", 4), "", "", {}}).is_refused());
  EXPECT_EQ(c.writes, 0u);
  EXPECT_EQ(c.directory().node("n4")->data_id, "the disk of n4");
}

TEST(CatalogJoining, ANodeThatLostItsDiskComesBackWithNoneOfItsFormerReplicas) {
  Cluster c(3, 3);
  const Directory before = c.directory();
  c.must(admit_node, AdmitNode{"n2", "a new disk", "the disk of n2"});
  const Directory after = c.directory();
  EXPECT_EQ(after.node("n2")->data_id, "a new disk");
  const std::set<uint64_t> now = ids_on(after, "n2");
  EXPECT_EQ(now.size(), ids_on(before, "n2").size());
  for (const uint64_t id : ids_on(before, "n2")) EXPECT_EQ(now.count(id), 0u);
  for (const std::string other : {"n1", "n3"}) EXPECT_EQ(ids_on(after, other), ids_on(before, other));
  c.settle_all();
  for (const DirectoryGroup& group : c.directory().groups) EXPECT_EQ(nodes_of(group).size(), 3u);
}

TEST(CatalogJoining, OfAGroupOnTheMoveTheLostReplicaIsReplacedToo) {
  Cluster c(4, 3);
  const Directory before = c.directory();
  const std::string from = before.group(kOrder0)->replicas[0].node;
  std::string to;
  for (const DirectoryNode& n : before.nodes) to = nodes_of(*before.group(kOrder0)).count(n.name) == 0 ? n.name : to;
  c.must(move_replica, MoveReplica{3, 0, from, to, ""});
  const uint64_t arriving = c.directory().group(kOrder0)->replicas[0].id;
  c.must(admit_node, AdmitNode{to, "a new disk", "the disk of " + to});
  const DirectoryGroup now = *c.directory().group(kOrder0);
  EXPECT_EQ(now.replicas[0].node, to);
  EXPECT_NE(now.replicas[0].id, arriving);
  EXPECT_TRUE(now.pinned);
  EXPECT_EQ(now.leaving.size(), 2u);
}

TEST(CatalogJoining, TheSameDirectoryIsAdmittedOnce) {
  Cluster c(3, 3);
  c.must(admit_node, AdmitNode{"n2", "a new disk", "the disk of n2"});
  EXPECT_FALSE(c.run(admit_node, AdmitNode{"n2", "a new disk", "the disk of n2"}).is_refused());
  EXPECT_EQ(c.writes, 0u);
}

TEST(CatalogJoining, NewsThatCameTooLateAdmitNobody) {
  Cluster c(3, 3);
  c.must(admit_node, AdmitNode{"n2", "the second disk", "the disk of n2"});
  EXPECT_EQ(c.run(admit_node, AdmitNode{"n2", "the first disk", "the disk of n2"}).answer.code, kStaleVersion.code);
  EXPECT_EQ(c.directory().node("n2")->data_id, "the second disk");
  EXPECT_EQ(c.run(admit_node, AdmitNode{"n9", "a disk", ""}).answer.code, kNotFound.code);
  EXPECT_EQ(c.run(admit_node, AdmitNode{"n2", "", "the second disk"}).answer.code, kValidationFailed.code);
}

TEST(CatalogJoining, WhoHeldTheOnlyCopyIsNotReplaced) {
  Cluster c(3, 1);
  const std::string node = c.directory().group(kOrder0)->replicas[0].node;
  const Outcome outcome = c.run(admit_node, AdmitNode{node, "a new disk", "the disk of " + node});
  EXPECT_EQ(outcome.answer.code, kNoOtherNode.code);
  EXPECT_NE(outcome.answer.detail.find("order/"), std::string::npos);
  EXPECT_EQ(c.directory().node(node)->data_id, "the disk of " + node);
}

}  // namespace
}  // namespace stoa::catalog
