#include "app/cluster_tables.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace stoa {
namespace {

using nlohmann::json;

const json kCluster = json::parse(R"({"nodes": [{"name": "n1", "status": "alive"}],
  "shards": [{"service": "product", "shard": 3, "leader": "n1", "term": 4, "applied": 9,
              "replicas": [{"node": "n1", "role": "leader", "applied": 9}, {"node": "n2", "role": "follower", "applied": 6}]},
             {"service": "order", "shard": 0, "leader": null, "term": 1, "applied": 0, "replicas": []}]})");
const json kMembers = json::parse(R"({"version": 5, "cluster": "demo", "moving": 1, "nodes": [
  {"name": "n1", "status": "draining", "host": "h", "http_port": 1, "admin_port": 2, "cluster_port": 3, "replicas": 7,
   "leaving": 2}, {"name": "n2", "status": "alive", "host": "h", "replicas": 0, "leaving": 0}]})");

TEST(ClusterTables, StatusSaysWhatNeedsAnEye) {
  const std::string text = status_text(kCluster, kMembers);
  EXPECT_EQ(text.rfind("cluster demo: 2 shards, 1 without a leader, 1 on the move\n", 0), 0u) << text;
  EXPECT_NE(text.find("n1    draining  alive"), std::string::npos) << text;
  EXPECT_NE(text.find("n2    alive     -"), std::string::npos) << text;
}

TEST(ClusterTables, ShardsShowLagAndReason) {
  const json placement = json::parse(R"({"shards": [{"service": "product", "shard": 3, "settled": false, "pinned": true,
    "nodes": ["n1", "n3"], "leaving": ["n2"], "reason": "moved by hand"}]})");
  const std::string text = shards_text(kCluster, placement);
  EXPECT_NE(text.find("product/3  n1"), std::string::npos) << text;
  EXPECT_NE(text.find("n1:leader n2:follower(-3)"), std::string::npos) << text;
  EXPECT_NE(text.find("moving, by hand, leaving n2"), std::string::npos) << text;
  EXPECT_NE(text.find("moved by hand\n"), std::string::npos) << text;
}

TEST(ClusterTables, AChangeIsALineEach) {
  const json change = json::parse(R"({"version": 2, "changes": [
    {"service": 2, "shard": 3, "from": "n1", "to": "", "reason": "n1 is drained"}]})");
  EXPECT_EQ(changes_text(change), "  product/3: n1 -> dropped (n1 is drained)\n");
  EXPECT_EQ(changes_text(json::object()), "");
}

TEST(ClusterTables, WhatANodeHolds) {
  EXPECT_EQ(holding_of(kMembers, "n1").replicas, 7u);
  EXPECT_EQ(holding_of(kMembers, "n1").leaving, 2u);
  EXPECT_EQ(holding_of(kMembers, "n9").status, "gone");
}

}  // namespace
}  // namespace stoa
