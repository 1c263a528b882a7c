#include "actors/catalog/records.hpp"

#include <gtest/gtest.h>

#include "tests/hex.hpp"

namespace stoa {
namespace {

// What version 1 wrote stays readable for ever.
TEST(CatalogRecords, AreEncodedAsTheyAlwaysWere) {
  EXPECT_EQ(hex(encode(ClusterRecord{"f0", 7, "demo", 3})), "0a02663010071a0464656d6f2003");
  DirectoryNode node;
  node.name = "n1";
  node.host = "h";
  node.cluster_port = 1;
  node.http_port = 2;
  node.admin_port = 3;
  node.services = {"user"};
  node.gateway = true;
  node.status = NodeStatus::kDraining;
  EXPECT_EQ(hex(encode(NodeRecord{2, node})), "080212170a026e3112016818012002280332047573657238014001");
  DirectoryGroup group;
  group.service = 2;
  group.shard = 5;
  group.epoch = 3;
  group.replicas = {{"n1", 9}};
  group.settled = true;
  group.reason = "r";
  EXPECT_EQ(hex(encode(GroupRecord{group})), "0a1308021005180322060a026e3110092801320172");
  EXPECT_EQ(hex(encode(AuditRecord{{1, Time{2}, "b", "w", "d"}})), "0a0d080110041a01622201772a0164");
}

TEST(CatalogRecords, OfSettingsAndKeysAreToo) {
  EXPECT_EQ(hex(encode(SettingsRecord{2, {{"k", "v"}}})), "080212060a016b120176");
  SettingsVersion made{2, Time{3}, "b", 1, {{"k", "x", std::nullopt}}};
  EXPECT_EQ(hex(encode(SettingsVersionRecord{made})), "0a11080210061a016220012a060a016b120178");
  KeysView view{3, {{{"i", "p", "s", "m"}, Time{1}, Time{2}, Time{3}}}, "g"};
  EXPECT_EQ(hex(encode(KeysRecord{view})), "0a1b080312140a0c0a01691201701a017322016d1002180420061a0167");
}

}  // namespace
}  // namespace stoa
