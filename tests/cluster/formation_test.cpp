#include "cluster/formation.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

std::vector<DirectoryNode> three() {
  std::vector<DirectoryNode> nodes(3);
  for (int i = 0; i < 3; ++i) nodes[static_cast<size_t>(i)].name = "n" + std::to_string(i + 1);
  return nodes;
}
NodeFacts blank(const std::string& node) { return {"", "disk of " + node, "shape", 0}; }

TEST(Formation, TheFirstNodePlansOnceAllHaveMet) {
  Formation first(three(), "n1", blank("n1"));
  EXPECT_FALSE(first.may_plan().has_value());
  first.met("n2", blank("n2"));
  EXPECT_FALSE(first.may_plan().has_value());
  EXPECT_NE(first.waits_for().find("n3"), std::string::npos);
  first.met("n3", blank("n3"));
  ASSERT_TRUE(first.may_plan().has_value());
  EXPECT_EQ(first.may_plan()->at(2).data_id, "disk of n3");
  first.parted("n2");
  EXPECT_FALSE(first.may_plan().has_value());
}

TEST(Formation, TheOthersDoNot) {
  Formation second(three(), "n2", blank("n2"));
  second.met("n1", blank("n1"));
  second.met("n3", blank("n3"));
  EXPECT_FALSE(second.may_plan().has_value());
}

TEST(Formation, AFirstNodeThatLostItsDiskFormsNoSecondCluster) {
  Formation first(three(), "n1", blank("n1"));
  NodeFacts member = blank("n2");
  member.formation = "f";
  first.met("n2", member);
  first.met("n3", blank("n3"));
  EXPECT_FALSE(first.may_plan().has_value());
  EXPECT_NE(first.waits_for().find("belongs to a cluster"), std::string::npos);
}

TEST(Formation, NodesOfOtherConfigurationsDoNotForm) {
  Formation first(three(), "n1", blank("n1"));
  NodeFacts other = blank("n2");
  other.shape = "another";
  first.met("n2", other);
  first.met("n3", blank("n3"));
  EXPECT_FALSE(first.may_plan().has_value());
}

TEST(Formation, APlanIsOnlyForTheDisksItNames) {
  Formation second(three(), "n2", blank("n2"));
  Directory plan;
  plan.formation = "f";
  plan.nodes = three();
  plan.nodes[1].data_id = "disk of n2";
  plan.nodes[2].data_id = "disk of n3";
  EXPECT_TRUE(second.is_for_us(plan));
  second.met("n3", blank("n3"));
  EXPECT_TRUE(second.lacks("n3", plan));
  NodeFacts replaced = blank("n3");
  replaced.data_id = "a new disk";
  second.met("n3", replaced);
  EXPECT_FALSE(second.lacks("n3", plan));
  plan.nodes[1].data_id = "another";
  EXPECT_FALSE(second.is_for_us(plan));
}

TEST(Formation, TheShapeTellsConfigurationsApart) {
  Config a;
  a.cluster = "demo";
  a.shards = {{"user", 4}};
  a.nodes.resize(1);
  Config b = a;
  EXPECT_EQ(shape_of(a), shape_of(b));
  b.shards["user"] = 5;
  EXPECT_NE(shape_of(a), shape_of(b));
}

}  // namespace
}  // namespace stoa
