// Shards of several voters: what any node's router asks is answered once by whoever leads, and what was answered stays.
#include <gtest/gtest.h>

#include "tests/actors/runtime/cluster_of_nodes.hpp"

namespace stoa {
namespace {

Call numbered(uint64_t n, const ManualClock& clock) {
  Call call;
  SeededRandom random(n);
  call.request = RequestId{mint_uuid(clock.now(), 0, random)};
  return call;
}

bool all_lead(ClusterOfNodes& cluster) { return !cluster.leader(0).empty() && !cluster.leader(1).empty(); }

TEST(Replication, AnyNodeAnswersForAnyShard) {
  ClusterOfNodes cluster(3);
  cluster.run_until([&] { return all_lead(cluster); });
  uint64_t n = 0;
  for (const std::string via : {"n1", "n2", "n3"}) {
    for (Slot slot : {0, 1}) {
      const auto answer = cluster.call(via, slot, Add{"a", 1}, numbered(++n, cluster.clock));
      EXPECT_FALSE(answer->refused()) << via << " " << slot << " " << answer->code << " " << answer->detail;
    }
  }
  EXPECT_EQ(cluster.call("n1", 0, Show{"a"})->body, cluster.call("n3", 0, Show{"a"})->body);
}

TEST(Replication, WhatWasAnsweredSurvivesTheLeader) {
  ClusterOfNodes cluster(3);
  cluster.run_until([&] { return all_lead(cluster); });
  ASSERT_FALSE(cluster.call("n1", 0, Add{"a", 7}, numbered(1, cluster.clock))->refused());
  const std::string before = cluster.call("n2", 0, Show{"a"})->body;
  const std::string led = cluster.leader(0);
  cluster.kill(led);
  const std::string other = led == "n1" ? "n2" : "n1";
  EXPECT_EQ(cluster.call(other, 0, Show{"a"})->body, before);
  EXPECT_NE(cluster.leader(0), led);
}

TEST(Replication, ARepeatAtAnotherNodeIsAnsweredByTheFirstEffect) {
  ClusterOfNodes cluster(3);
  cluster.run_until([&] { return all_lead(cluster); });
  const Call call = numbered(1, cluster.clock);
  const auto first = cluster.call("n1", 0, Add{"a", 7}, call);
  const std::string led = cluster.leader(0);
  cluster.kill(led);
  const std::string other = led == "n3" ? "n2" : "n3";
  Call again = call;
  again.deadline = after(cluster.clock.now(), 10'000);
  EXPECT_EQ(cluster.call(other, 0, Add{"a", 7}, again)->body, first->body);
}

TEST(Replication, AMinorityRefusesWrites) {
  ClusterOfNodes cluster(3);
  cluster.run_until([&] { return all_lead(cluster); });
  const std::string led = cluster.leader(0);
  for (const std::string other : {"n1", "n2", "n3"}) {
    if (other != led) cluster.links.cut(led, other);
  }
  EXPECT_EQ(cluster.call(led, 0, Add{"a", 1}, numbered(1, cluster.clock))->code, kUnavailable.code);
  EXPECT_EQ(cluster.call(led, 0, Show{"a"})->code, kUnavailable.code);
}

TEST(Replication, ANodeThatWasAwayCatchesUp) {
  ClusterOfNodes cluster(3);
  cluster.run_until([&] { return all_lead(cluster); });
  cluster.kill("n3");
  for (uint64_t n = 1; n <= 20; ++n) {
    ASSERT_FALSE(cluster.call("n1", 0, Add{"a", 1}, numbered(n, cluster.clock))->refused());
  }
  cluster.start("n3");
  const auto applied = [&](const std::string& node) {
    for (const auto& hosted : cluster.nodes.at(node)->host().shards()) {
      if (hosted->group.shard == 0) return hosted->shard->replica().applied().index;
    }
    return Index{0};
  };
  cluster.run_until([&] { return applied("n3") == applied("n1") && applied("n3") == applied("n2"); });
  EXPECT_GE(applied("n3"), 20u);
}

TEST(Replication, AllNodesAtOnceMayLoseTheirPower) {
  ClusterOfNodes cluster(3);
  cluster.run_until([&] { return all_lead(cluster); });
  ASSERT_FALSE(cluster.call("n1", 1, Add{"b", 3}, numbered(1, cluster.clock))->refused());
  const std::string before = cluster.call("n1", 1, Show{"b"})->body;
  for (const std::string node : {"n1", "n2", "n3"}) cluster.kill(node);
  for (const std::string node : {"n1", "n2", "n3"}) cluster.start(node);
  EXPECT_EQ(cluster.call("n2", 1, Show{"b"})->body, before);
}

TEST(Replication, TheLeadIsHandedOverOnRequest) {
  ClusterOfNodes cluster(3);
  cluster.run_until([&] { return all_lead(cluster); });
  const std::string led = cluster.leader(0);
  cluster.nodes.at(led)->host().hand_over_leads();
  cluster.run_until([&] { return !cluster.leader(0).empty() && cluster.leader(0) != led; });
  EXPECT_FALSE(cluster.call(led, 0, Add{"a", 1}, numbered(1, cluster.clock))->refused());
}

TEST(Replication, ANodeWhoseLeadingReplicaWasClosedAsksElsewhere) {
  ClusterOfNodes cluster(3);
  cluster.run_until([&] { return all_lead(cluster); });
  const std::string led = cluster.leader(0);
  ASSERT_FALSE(cluster.call(led, 0, Add{"a", 7}, numbered(1, cluster.clock))->refused());
  cluster.nodes.at(led)->host().close({counter::kNumber, 0});
  const auto answer = cluster.call(led, 0, Show{"a"});
  EXPECT_FALSE(answer->refused()) << answer->code << " " << answer->detail;
}

TEST(Replication, ANodeThatIsShutOutCountsAsDownUntilItIsLetIn) {
  std::vector<std::string> seen;
  std::string heard;
  ClusterOfNodes cluster(3);
  cluster.run_until([&] { return all_lead(cluster); });
  Mesh& n1 = cluster.nodes.at("n1")->mesh();
  n1.on_down([&](const std::string& node) { seen.push_back("down " + node); });
  n1.on_up([&](const std::string& node, const Hello&) { seen.push_back("up " + node); });
  n1.on_note_of_any("any", [&](const std::string&, const std::string& text) { heard += text; });
  n1.on_note("members", [&](const std::string&, const std::string& text) { heard += text; });
  for (const std::string other : {"n2", "n3"}) n1.shut_out(other, true);
  EXPECT_EQ(seen, (std::vector<std::string>{"down n2", "down n3"}));
  EXPECT_TRUE(n1.connected("n2"));
  EXPECT_FALSE(n1.up("n2"));
  EXPECT_EQ(cluster.call("n1", 0, Add{"a", 1}, numbered(1, cluster.clock))->code, kUnavailable.code);
  cluster.nodes.at("n2")->mesh().note("n1", "members", "secret");
  cluster.nodes.at("n2")->mesh().note("n1", "any", "hello");
  cluster.run_until([&] { return !heard.empty(); });
  EXPECT_EQ(heard, "hello");
  for (const std::string other : {"n2", "n3"}) n1.shut_out(other, false);
  EXPECT_EQ(seen.size(), 4u);
  cluster.run_until([&] { return all_lead(cluster); });
  EXPECT_FALSE(cluster.call("n1", 0, Add{"a", 1}, numbered(2, cluster.clock))->refused());
}

Shard& shard_of(ClusterOfNodes& cluster, const std::string& node, uint16_t shard) {
  return *cluster.nodes.at(node)->host().find({counter::kNumber, shard})->shard;
}

TEST(Replication, ALeaderServesFromMemoryOnlyWhileAQuorumSaysThatItLeads) {
  ClusterOfNodes cluster(3);
  cluster.run_until([&] { return all_lead(cluster); });
  const std::string led = cluster.leader(0);
  Shard& shard = shard_of(cluster, led, 0);
  cluster.run_until([&] { return shard.fresh(); });
  const int64_t cut_off_ns = cluster.clock.monotonic_ns();
  for (const std::string other : {"n1", "n2", "n3"}) {
    if (other != led) cluster.links.cut(led, other);
  }
  // It believes to lead for some time yet, and answers no more.
  cluster.run_until([&] { return !shard.fresh(); });
  EXPECT_LE(cluster.clock.monotonic_ns() - cut_off_ns, 500'000'000);
}

TEST(Replication, AnIdleLeaderIsConfirmedAgainAndAgainUntilItIsCutOff) {
  ClusterOfNodes cluster(3);
  cluster.run_until([&] { return all_lead(cluster); });
  const std::string led = cluster.leader(0);
  const ShardGauges& gauges = shard_of(cluster, led, 0).gauges();
  constexpr int64_t kElectionNs = 1'000'000'000;
  const auto sure = [&] { return gauges.leads && gauges.confirmed_ns > cluster.clock.monotonic_ns() - kElectionNs; };
  cluster.run_until(sure);
  const int64_t idle_until_ns = cluster.clock.monotonic_ns() + 5 * kElectionNs;
  cluster.run_until([&] {
    EXPECT_TRUE(sure());
    return cluster.clock.monotonic_ns() > idle_until_ns;
  });
  for (const std::string other : {"n1", "n2", "n3"}) {
    if (other != led) cluster.links.cut(led, other);
  }
  const int64_t cut_off_ns = cluster.clock.monotonic_ns();
  cluster.run_until([&] { return !sure(); });
  EXPECT_LE(cluster.clock.monotonic_ns() - cut_off_ns, kElectionNs + 100'000'000);
}

TEST(Replication, AReplicaThatWasClosedComesBackUnderAnotherId) {
  ClusterOfNodes cluster(3);
  cluster.run_until([&] { return all_lead(cluster); });
  const std::string led = cluster.leader(0);
  const std::string leaver = led == "n1" ? "n2" : "n1";
  const GroupId group{counter::kNumber, 0};
  Shard& leader = shard_of(cluster, led, 0);
  const ReplicaId former = shard_of(cluster, leaver, 0).replica().id();
  cluster.run_until([&] { return leader.change_members({MemberChange::Kind::kRemove, former}); });
  cluster.run_until([&] { return !leader.replica().members().contains(former); });
  cluster.nodes.at(leaver)->host().close(group);
  EXPECT_EQ(cluster.nodes.at(leaver)->host().find(group), nullptr);
  ASSERT_FALSE(cluster.call(leaver, 0, Add{"a", 5}, numbered(1, cluster.clock))->refused());

  const ReplicaId fresh = former + 1;
  for (DirectoryGroup& placed : cluster.directory.groups) {
    for (DirectoryReplica& replica : placed.replicas) {
      if (replica.id == former) replica.id = fresh;
    }
  }
  for (auto& [name, node] : cluster.nodes) node->host().placed(cluster.directory);
  bool opened = false;
  cluster.nodes.at(leaver)->host().open(group, {fresh, {}}, [&](const Result<void>& done) { opened = done.ok(); });
  cluster.run_until([&] { return opened; });
  cluster.run_until([&] { return leader.change_members({MemberChange::Kind::kAddLearner, fresh}); });
  cluster.run_until([&] { return leader.change_members({MemberChange::Kind::kAddVoter, fresh}); });
  cluster.run_until([&] {
    return leader.replica().members().is_voter(fresh) &&
           shard_of(cluster, leaver, 0).replica().applied() == leader.replica().applied();
  });
  EXPECT_FALSE(cluster.call(leaver, 0, Add{"a", 5}, numbered(2, cluster.clock))->refused());
}

// Its power goes when the other one has heard that its own removal is committed and it has not synced that itself. It
// needs the other one's vote then, who asks for nothing and is no replica that the directory wants.
TEST(Replication, AReplicaThatIsLeavingIsAskedForItsVoteByOneThatForgotItsRemoval) {
  bool forgot = false;
  for (uint64_t cut = 0; cut < 10 && !forgot; ++cut) {
    ClusterOfNodes cluster(2);
    cluster.run_until([&] { return all_lead(cluster); });
    const std::string leader = cluster.leader(0), other = leader == "n1" ? "n2" : "n1";
    const ReplicaId leaving = shard_of(cluster, other, 0).replica().id();
    const auto names_it = [&](const std::string& node) {
      return shard_of(cluster, node, 0).replica().members().contains(leaving);
    };
    MemoryJournal& journal = cluster.disk(leader).journal;
    journal.cut_power_at(journal.operations() + cut);
    ASSERT_TRUE(shard_of(cluster, leader, 0).change_members({MemberChange::Kind::kRemove, leaving}));
    for (int i = 0; i < 20; ++i) cluster.step();
    forgot = !names_it(other) && names_it(leader);
    cluster.kill(leader);
    for (DirectoryGroup& group : cluster.directory.groups) {
      if (group.id() != GroupId{counter::kNumber, 0}) continue;
      if (group.replicas.front().id != leaving) std::swap(group.replicas.front(), group.replicas.back());
      group.leaving = {group.replicas.front()};
      group.replicas.erase(group.replicas.begin());
    }
    cluster.start(leader);
    cluster.run_until([&] { return !cluster.leader(0).empty(); });
  }
  EXPECT_TRUE(forgot);
}

}  // namespace
}  // namespace stoa
