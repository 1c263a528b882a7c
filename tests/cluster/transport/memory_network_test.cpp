#include "cluster/transport/memory_network.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

struct Node : TransportPort {
  Node(MemoryNetwork& network, const std::string& name) : name_(name) {
    Hello hello;
    hello.node = name;
    hello.facts = "facts of " + name;
    transport = network.open(hello, *this);
    transport->set_peers({{"n1", "", 0}, {"n2", "", 0}, {"n3", "", 0}});
  }
  void peer_up(const std::string& node, const Hello& hello) override {
    EXPECT_EQ(hello.facts, "facts of " + node);
    told.push_back("up " + node);
  }
  void peer_down(const std::string& node) override { told.push_back("down " + node); }
  void received(const std::string& node, std::string parcel) override { told.push_back(node + ": " + parcel); }
  bool connected(const std::string& node) const {
    for (const PeerStatus& peer : transport->peers()) {
      if (peer.node == node) return peer.connected;
    }
    return false;
  }

  const std::string name_;
  std::vector<std::string> told;
  std::unique_ptr<Transport> transport;
};

using Lines = std::vector<std::string>;

TEST(MemoryNetwork, ConnectsNodesThatNameEachOther) {
  MemoryNetwork network({});
  Node n1(network, "n1"), n2(network, "n2"), n3(network, "n3");
  network.advance_to(500);
  for (Node* node : {&n1, &n2, &n3}) EXPECT_EQ(node->told.size(), 2u) << node->name_;
  EXPECT_EQ(network.next_ms().value_or(10'000) > 500, true);
}

TEST(MemoryNetwork, KeepsParcelsInOrder) {
  MemoryNetwork network({});
  Node n1(network, "n1"), n2(network, "n2");
  network.advance_to(500);
  Lines expected{"up n1"};
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(n1.transport->send("n2", std::to_string(i)));
    expected.push_back("n1: " + std::to_string(i));
  }
  EXPECT_EQ(n2.told.size(), 1u) << "nothing comes before its delay";
  network.advance_to(600);
  EXPECT_EQ(n2.told, expected);
}

TEST(MemoryNetwork, TakesNoMoreThanTheBoundUnderWay) {
  MemoryNetwork network({});
  Node n1(network, "n1"), n2(network, "n2");
  network.advance_to(500);
  for (int i = 0; i < 16; ++i) EXPECT_TRUE(n1.transport->send("n2", std::string(Transport::kMaxParcelBytes, 'x')));
  EXPECT_FALSE(n1.transport->send("n2", "x"));
  network.advance_to(600);
  EXPECT_TRUE(n1.transport->send("n2", "x"));
}

TEST(MemoryNetwork, ACutIsNoticedBySilenceAndHealed) {
  MemoryNetwork network({});
  Node n1(network, "n1"), n2(network, "n2");
  network.advance_to(500);
  network.cut("n1", "n2");
  ASSERT_TRUE(n1.transport->send("n2", "lost"));
  network.advance_to(1499);
  EXPECT_TRUE(n2.connected("n1"));
  network.advance_to(1710);
  EXPECT_EQ(n2.told, (Lines{"up n1", "down n1"}));
  EXPECT_EQ(n1.told, (Lines{"up n2", "down n2"})) << "the way back is open";
  network.advance_to(5000);
  EXPECT_FALSE(n1.connected("n2"));
  network.heal("n1", "n2");
  network.advance_to(6000);
  EXPECT_EQ(n2.told, (Lines{"up n1", "down n1", "up n1"}));
}

TEST(MemoryNetwork, ANodeThatDiesBeforeItIsToldOfAConnectionIsMetAgain) {
  MemoryNetwork network({});
  auto n1 = std::make_unique<Node>(network, "n1");
  Node n2(network, "n2");
  while (n2.told.empty()) ASSERT_TRUE(network.step());
  network.cut("n2", "n1");
  network.advance_to(network.now_ms() + 100);
  EXPECT_TRUE(n1->told.empty());
  n1.reset();
  network.heal("n2", "n1");
  Node again(network, "n1");
  network.advance_to(5000);
  EXPECT_EQ(again.told, (Lines{"up n2"}));
  EXPECT_EQ(n2.told, (Lines{"up n1", "down n1", "up n1"}));
}

TEST(MemoryNetwork, AGreetingOfADeadNodeIsNotTakenForItsSuccessors) {
  MemoryNetwork network({});
  auto n1 = std::make_unique<Node>(network, "n1");
  Node n2(network, "n2");
  network.advance_to(network.next_ms().value());  // n1 has dialed
  ASSERT_TRUE(n2.told.empty());
  n1.reset();
  Node again(network, "n1");
  network.advance_to(5000);
  EXPECT_EQ(again.told, (Lines{"up n2"}));
  EXPECT_EQ(n2.told, (Lines{"up n1"}));
}

TEST(MemoryNetwork, AGreetingThatComesAfterItsSenderGaveUpConnectsNobody) {
  MemoryNetwork network({});
  Node n1(network, "n1"), n2(network, "n2");
  while (n2.told.empty()) ASSERT_TRUE(network.step());
  network.cut("n2", "n1");
  network.cut("n1", "n2");
  network.advance_to(3000);
  EXPECT_EQ(n2.told, (Lines{"up n1", "down n1"}));
  network.heal("n2", "n1");
  network.advance_to(6000);
  EXPECT_TRUE(n1.told.empty());
  network.heal("n1", "n2");
  network.advance_to(9000);
  EXPECT_TRUE(n1.connected("n2") && n2.connected("n1"));
}

TEST(MemoryNetwork, WhatWaitsAtAShortCutArrives) {
  MemoryNetwork network({});
  Node n1(network, "n1"), n2(network, "n2");
  network.advance_to(500);
  network.cut("n1", "n2");
  ASSERT_TRUE(n1.transport->send("n2", "first") && n1.transport->send("n2", "second"));
  network.advance_to(1000);
  network.heal("n1", "n2");
  ASSERT_TRUE(n1.transport->send("n2", "third"));
  network.advance_to(3000);
  EXPECT_EQ(n2.told, (Lines{"up n1", "n1: first", "n1: second", "n1: third"}));
}

TEST(MemoryNetwork, BothSidesOfAFullCutNoticeByThemselves) {
  MemoryNetwork network({});
  Node n1(network, "n1"), n2(network, "n2");
  network.advance_to(500);
  network.cut("n1", "n2");
  network.cut("n2", "n1");
  network.advance_to(1710);
  EXPECT_FALSE(n1.connected("n2") || n2.connected("n1"));
}

TEST(MemoryNetwork, AKilledNodeIsMissedAndMayComeBack) {
  MemoryNetwork network({});
  Node n1(network, "n1");
  auto n2 = std::make_unique<Node>(network, "n2");
  network.advance_to(500);
  ASSERT_TRUE(n1.transport->send("n2", "x"));
  n2.reset();
  network.advance_to(510);
  EXPECT_EQ(n1.told, (Lines{"up n2", "down n2"}));
  n2 = std::make_unique<Node>(network, "n2");
  network.advance_to(1000);
  EXPECT_TRUE(n1.connected("n2"));
  EXPECT_EQ(n2->told, Lines{"up n1"}) << "nothing of the connection before";
}

TEST(MemoryNetwork, AKilledNodeBehindACutIsMissedBySilence) {
  MemoryNetwork network({});
  Node n1(network, "n1");
  auto n2 = std::make_unique<Node>(network, "n2");
  network.advance_to(500);
  network.cut("n2", "n1");
  n2.reset();
  network.advance_to(1400);
  EXPECT_TRUE(n1.connected("n2"));
  network.advance_to(1710);
  EXPECT_FALSE(n1.connected("n2"));
}

TEST(MemoryNetwork, ADisconnectLosesWhatIsUnderWayAndComesBack) {
  MemoryNetwork network({});
  Node n1(network, "n1"), n2(network, "n2");
  network.advance_to(500);
  ASSERT_TRUE(n1.transport->send("n2", "lost"));
  network.disconnect("n1", "n2");
  network.advance_to(2000);
  EXPECT_EQ(n1.told, (Lines{"up n2", "down n2", "up n2"}));
  EXPECT_EQ(n2.told, (Lines{"up n1", "down n1", "up n1"}));
}

TEST(MemoryNetwork, LetsGoOfANodeThatIsLeftOut) {
  MemoryNetwork network({});
  Node n1(network, "n1"), n2(network, "n2");
  network.advance_to(500);
  n1.transport->set_peers({});
  network.advance_to(1000);
  EXPECT_EQ(n1.told, (Lines{"up n2", "down n2"}));
  EXPECT_EQ(n2.told, (Lines{"up n1", "down n1"}));
}

Lines story_of(uint64_t seed) {
  MemoryNetwork::Options options;
  options.seed = seed;
  MemoryNetwork network(options);
  Node n1(network, "n1"), n2(network, "n2"), n3(network, "n3");
  SeededRandom chance(seed);
  Node* nodes[] = {&n1, &n2, &n3};
  uint64_t sent = 0;
  for (int i = 0; i < 300; ++i) {
    Node &from = *nodes[chance.below(3)], &to = *nodes[chance.below(3)];
    switch (chance.below(12)) {
      case 0:
        network.cut(from.name_, to.name_);
        break;
      case 1:
        network.disconnect(from.name_, to.name_);
        break;
      case 2:
      case 3:
        network.heal(from.name_, to.name_);
        break;
      default:
        from.transport->send(to.name_, std::to_string(++sent));
    }
    network.advance_to(network.now_ms() + static_cast<int64_t>(chance.below(100)));
  }
  for (Node* from : nodes) {
    for (Node* to : nodes) network.heal(from->name_, to->name_);
  }
  network.advance_to(network.now_ms() + 5000);
  EXPECT_TRUE(n1.connected("n2") && n2.connected("n3") && n3.connected("n1") && n1.connected("n3"));
  Lines all;
  for (Node* node : nodes) {
    std::map<std::string, bool> up;
    std::map<std::string, uint64_t> last;
    for (const std::string& line : node->told) {
      const std::string peer = line.substr(line.find('n', line[0] == 'd' ? 4 : 0), 2);
      if (line[0] == 'n') {
        const uint64_t number = std::stoull(line.substr(4));
        EXPECT_TRUE(up[peer]) << "a parcel between up and down";
        EXPECT_GT(number, last[peer]) << "in order, none twice";
        last[peer] = number;
      } else {
        EXPECT_NE(up[peer], line[0] == 'u') << "up and down alternate";
        up[peer] = line[0] == 'u';
      }
      all.push_back(node->name_ + " " + line);
    }
  }
  return all;
}

TEST(MemoryNetwork, KeepsItsPromisesUnderChaosAndRepeatsItself) {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    const Lines story = story_of(seed);
    EXPECT_EQ(story, story_of(seed)) << "seed " << seed;
    if (HasFailure()) FAIL() << "seed " << seed;
  }
  EXPECT_NE(story_of(1), story_of(2));
}

}  // namespace
}  // namespace stoa
