#include "actors/catalog/rules.hpp"

#include <gtest/gtest.h>

#include "actors/catalog/records.hpp"
#include "tests/actors/catalog/cluster.hpp"

namespace stoa::catalog {
namespace {

TEST(CatalogRules, TheFirstContentIsThePlanThatTheClusterWasFormedBy) {
  const Directory plan = plan_of(3, 3);
  Cluster c(3, 3);
  EXPECT_EQ(encode(c.directory()), encode(plan));
}

TEST(CatalogRules, FormingAgainByTheSamePlanChangesNothingAndByAnotherIsRefused) {
  Cluster c(3, 3);
  const Directory before = c.directory();
  EXPECT_FALSE(c.run(form_cluster, FormCluster{plan_of(3, 3)}).is_refused());
  EXPECT_EQ(c.writes, 0u);
  Directory other = plan_of(3, 3);
  other.formation = "another";
  EXPECT_EQ(c.run(form_cluster, FormCluster{other}).answer.code, kIllegalTransition.code);
  EXPECT_EQ(encode(c.directory()), encode(before));
}

// Who heard not_found of a removal would take the node for gone, and the plan that names it comes after.
TEST(CatalogRules, ACatalogWithoutItsPlanSaysSoAndNotThatANodeIsUnknown) {
  RulesFixture c;
  AdmitNode admitted;
  admitted.name = "n1";
  admitted.data_id = "d";
  for (const Outcome& outcome : {c.run(join_node, JoinNode{member("n1", 1), "", "", {}}), c.run(admit_node, admitted),
                                 c.run(drain_node, DrainNode{"n1", ""}), c.run(undrain_node, UndrainNode{"n1", ""}),
                                 c.run(remove_node, RemoveNode{"n1", true, ""}), c.run(move_replica, MoveReplica{}),
                                 c.run(settle_group, SettleGroup{}), c.run(rebalance_groups, RebalanceGroups{})}) {
    EXPECT_EQ(outcome.answer.code, kNotFormed.code);
  }
  c.must(form_cluster, FormCluster{plan_of(3, 3)});
  EXPECT_EQ(c.run(remove_node, RemoveNode{"n9", true, ""}).answer.code, kNotFound.code);
}

TEST(CatalogRules, OnlyAdministratorsAndTheProgramItselfMayDoAnything) {
  for (const UserRole role : {UserRole::kAnonymous, UserRole::kCustomer, UserRole::kMerchant, UserRole::kCarrier}) {
    Cluster c(3, 3);
    const Call call = call_by(role);
    for (const Outcome& outcome :
         {c.run(form_cluster, FormCluster{}, call), c.run(join_node, JoinNode{}, call),
          c.run(drain_node, DrainNode{}, call), c.run(undrain_node, UndrainNode{}, call),
          c.run(remove_node, RemoveNode{}, call), c.run(move_replica, MoveReplica{}, call),
          c.run(admit_node, AdmitNode{}, call), c.run(settle_group, SettleGroup{}, call),
          c.run(rebalance_groups, RebalanceGroups{}, call), c.run(set_settings, SetSettings{}, call),
          c.run(roll_back_settings, RollbackSettings{}, call), c.run(offer_first_keys, OfferFirstKeys{}, call),
          c.run(rotate_signing_key, RotateSigningKey{}, call), c.run(forget_signing_key, ForgetSigningKey{}, call),
          c.ask(read_directory_since, ReadDirectory{}, call), c.ask(list_audit, ListAudit{}, call),
          c.ask(watch_catalog, WatchCatalog{}, call), c.ask(read_settings, ReadSettings{}, call),
          c.ask(list_settings_history, ListSettingsHistory{}, call)}) {
      EXPECT_EQ(outcome.answer.code, kForbidden.code);
    }
  }
}

TEST(CatalogRules, ADrainedNodeEndsWithNothingAndMayThenBeRemoved) {
  Cluster c(4, 3);
  c.must(drain_node, DrainNode{"n1", ""});
  EXPECT_EQ(c.run(remove_node, RemoveNode{"n1", false, ""}).answer.code, kNodeHoldsReplicas.code);
  c.settle_all();
  EXPECT_EQ(replicas_held(c.directory(), "n1"), 0u);
  for (const DirectoryGroup& group : c.directory().groups) EXPECT_EQ(nodes_of(group).size(), 3u);
  EXPECT_FALSE(c.run(remove_node, RemoveNode{"n1", false, ""}).is_refused());
  EXPECT_EQ(c.directory().node("n1")->status, NodeStatus::kGone);
}

TEST(CatalogRules, WithNoOtherNodeToTakeThemADrainLeavesFewerReplicas) {
  Cluster c(3, 3);
  c.must(drain_node, DrainNode{"n3", ""});
  c.settle_all();
  EXPECT_EQ(replicas_held(c.directory(), "n3"), 0u);
  for (const DirectoryGroup& group : c.directory().groups) EXPECT_EQ(nodes_of(group).size(), 2u);
  c.must(undrain_node, UndrainNode{"n3", ""});
  c.settle_all();
  for (const DirectoryGroup& group : c.directory().groups) EXPECT_EQ(nodes_of(group).size(), 3u);
}

TEST(CatalogRules, TheLastNodeIsNotDrainedAndNotRemoved) {
  Cluster c(1, 1);
  EXPECT_EQ(c.run(drain_node, DrainNode{"n1", ""}).answer.code, kNoOtherNode.code);
  EXPECT_EQ(c.run(remove_node, RemoveNode{"n1", true, ""}).answer.code, kNoOtherNode.code);
}

TEST(CatalogRules, AForcedRemovalHandsTheReplicasToOthers) {
  Cluster c(4, 3);
  c.must(remove_node, RemoveNode{"n4", true, ""});
  EXPECT_EQ(c.run(join_node, JoinNode{member("n4", 40), "", "", {}}).answer.code, kNodeNameTaken.code);
  c.settle_all();
  EXPECT_EQ(replicas_held(c.directory(), "n4"), 0u);
  for (const DirectoryGroup& group : c.directory().groups) EXPECT_EQ(nodes_of(group).size(), 3u);
}

TEST(CatalogRules, ANodeLostInTheMiddleOfAMoveDoesNotHoldTheMoveUp) {
  Cluster c(3, 2);
  c.join(member("n4", 4));
  ASSERT_GT(replicas_held(c.directory(), "n4"), 0u);
  c.must(remove_node, RemoveNode{"n4", true, ""});
  c.settle_all();
  EXPECT_EQ(replicas_held(c.directory(), "n4"), 0u);
  for (const DirectoryGroup& group : c.directory().groups) EXPECT_GE(nodes_of(group).size(), 2u);
}

TEST(CatalogRules, TheDirectoryIsLeftOutWhereItIsKnown) {
  Cluster c(3, 3);
  const uint64_t version = c.directory().version;
  const auto same = decode<DirectoryView>(c.ask(read_directory_since, ReadDirectory{version}).answer.body);
  EXPECT_TRUE(same->unchanged);
  EXPECT_FALSE(same->directory.formed());
  const auto newer = decode<DirectoryView>(c.ask(read_directory_since, ReadDirectory{version - 1}).answer.body);
  EXPECT_FALSE(newer->unchanged);
  EXPECT_EQ(newer->directory.version, version);
}

TEST(CatalogRules, WhoWatchesIsToldOnlyWhatIsNew) {
  Cluster c(3, 3);
  c.must(set_settings, SetSettings{{{"log.level", "debug"}}, std::nullopt, "ada"});
  const uint64_t version = c.directory().version;
  auto view = decode<CatalogView>(c.ask(watch_catalog, WatchCatalog{version, 0, 0}).answer.body);
  EXPECT_FALSE(view->directory.has_value());
  EXPECT_EQ(view->settings->values.at("log.level"), "debug");
  EXPECT_FALSE(view->keys.has_value());
  view = decode<CatalogView>(c.ask(watch_catalog, WatchCatalog{0, 1, 0}).answer.body);
  EXPECT_TRUE(view->directory.has_value());
  EXPECT_FALSE(view->settings.has_value());
}

TEST(CatalogRules, WhoDidWhatIsKept) {
  Cluster c(3, 3);
  c.must(join_node, JoinNode{member("n4", 4), "ada", "", {}});
  const auto rows = c.all<AuditRecord>();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].entry.what, "FormCluster");
  EXPECT_EQ(rows[1].entry.by, "ada");
  EXPECT_EQ(rows[1].entry.what, "JoinNode");
  EXPECT_NE(c.ask(list_audit, ListAudit{1}).answer.body.find("n4 at 10.0.0.4"), std::string::npos);
}

TEST(CatalogRules, EveryStatusOfANodeMeetsEveryCommand) {
  for (const auto& [status, name] : kNodeStatusNames) {
    for (const std::string command : {"join", "drain", "undrain", "remove"}) {
      Cluster c(4, 1);
      if (status == NodeStatus::kDraining) c.must(drain_node, DrainNode{"n4", ""});
      c.settle_all();
      if (status == NodeStatus::kGone) {
        c.must(drain_node, DrainNode{"n4", ""});
        c.settle_all();
        c.must(remove_node, RemoveNode{"n4", false, ""});
      }
      ASSERT_EQ(c.directory().node("n4")->status, status);
      if (command == "join") (void)c.run(join_node, JoinNode{member("n4", 4), "", "", {}});
      if (command == "drain") (void)c.run(drain_node, DrainNode{"n4", ""});
      if (command == "undrain") (void)c.run(undrain_node, UndrainNode{"n4", ""});
      if (command == "remove") (void)c.run(remove_node, RemoveNode{"n4", false, ""});
      std::string_view expected = name;
      for (const Transition& t : machine().transitions) {
        // Alive and with replicas, it is removed by force only.
        const bool refused = t.from == "alive" && t.command == "remove" && replicas_held(c.directory(), "n4") > 0;
        if (t.from == name && t.command == command && !refused) expected = t.to;
      }
      EXPECT_EQ(name_of(c.directory().node("n4")->status), expected) << name << " " << command;
    }
  }
}

}  // namespace
}  // namespace stoa::catalog
