#include <csignal>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cluster/transport/node_actor.hpp"
#include "tests/cluster/transport/certificates.hpp"
#include "tests/cluster/transport/child_node.hpp"
#include "tests/cluster/transport/real_node.hpp"
#include "tests/cluster/transport/relay.hpp"

namespace stoa {
namespace {

using test::at;
using test::ChildNode;
using test::options_of;
using test::RealNode;
using test::Relay;

class Stopwatch {
 public:
  int64_t ms() const { return (SystemClock().monotonic_ns() - begun_) / 1'000'000; }

 private:
  const int64_t begun_ = SystemClock().monotonic_ns();
};

TEST(NodeActor, LosesAKilledPeerAtOnceAndFindsItsSuccessor) {
  ChildNode child(options_of("n2"), {at("n1", 1)}, true), successor(options_of("n2"), {at("n1", 1)}, true);
  const uint16_t port = child.start(test::lasting_port());
  RealNode n1(options_of("n1"));
  n1.set_peers({at("n2", port)});
  ASSERT_TRUE(n1.connected_to("n2"));
  const std::string incarnation = n1.hello_of("n2").incarnation;
  const Stopwatch since_kill;
  child.signal(SIGKILL);
  ASSERT_TRUE(n1.wait_told("down n2"));
  RecordProperty("down_ms", static_cast<int>(since_kill.ms()));
  EXPECT_LT(since_kill.ms(), 1000);
  EXPECT_FALSE(n1.send("n2", "x"));
  child.end();
  successor.start(port);
  ASSERT_TRUE(n1.wait_told("up n2", 2)) << n1.status("n2").last_error;
  EXPECT_NE(n1.hello_of("n2").incarnation, incarnation);
  ASSERT_TRUE(n1.send("n2", "echo"));
  EXPECT_TRUE(n1.wait_told("n2: echo"));
}

TEST(NodeActor, LosesAStoppedPeerAfterASecondAndTakesItBack) {
  ChildNode child(options_of("n2"), {at("n1", 1)}, true);
  const uint16_t port = child.start();
  RealNode n1(options_of("n1"));
  n1.set_peers({at("n2", port)});
  ASSERT_TRUE(n1.connected_to("n2"));
  const Stopwatch since_stop;
  child.signal(SIGSTOP);
  ASSERT_TRUE(n1.wait_told("down n2"));
  const int64_t noticed_ms = since_stop.ms();
  RecordProperty("down_ms", static_cast<int>(noticed_ms));
  EXPECT_GE(noticed_ms, 500);
  EXPECT_LT(noticed_ms, 2500);
  // It listens still, and answers nothing.
  EXPECT_TRUE(n1.wait([&] { return n1.status("n2").last_error == "no answer in 2 s"; })) << n1.status("n2").last_error;
  child.signal(SIGCONT);
  ASSERT_TRUE(n1.wait_told("up n2", 2)) << n1.status("n2").last_error;
  ASSERT_TRUE(n1.send("n2", "echo"));
  EXPECT_TRUE(n1.wait_told("n2: echo"));
}

TEST(NodeActor, IsNotHeldUpByAPeerThatAnswersNothing) {
  uint16_t hole = 0;
  const int listener = test::listen_on_loopback(16, hole);  // the kernel accepts, nobody reads
  {
    RealNode n1(options_of("n1")), n3(options_of("n3"));
    n3.set_peers({at("n1", n1.port())});
    const Stopwatch since_begin;
    n1.set_peers({at("n2", hole), at("n3", n3.port())});
    ASSERT_TRUE(n1.connected_to("n3"));
    EXPECT_LT(since_begin.ms(), 1000);
    ASSERT_TRUE(n1.wait([&] { return n1.status("n2").last_error == "no answer in 2 s"; }));
    EXPECT_TRUE(n1.status("n3").connected);
    const Stopwatch since_close;
    n1.close();
    n1.end();
    EXPECT_LT(since_close.ms(), 1000);
  }
  close(listener);
}

// A listener whose queue is full: the kernel drops what else comes, as a firewall does.
TEST(NodeActor, IsNotHeldUpByAPeerThatDropsItsPackets) {
  uint16_t hole = 0;
  const int listener = test::listen_on_loopback(0, hole);
  const int filler = test::connect_to(hole);
  {
    RealNode n1(options_of("n1")), n3(options_of("n3"));
    n3.set_peers({at("n1", n1.port())});
    n1.set_peers({at("n2", hole), at("n3", n3.port())});
    ASSERT_TRUE(n1.connected_to("n3"));
    ASSERT_TRUE(n1.wait([&] { return n1.status("n2").last_error == "no answer in 2 s"; }))
        << n1.status("n2").last_error;
    const Stopwatch since_close;
    n1.close();
    n1.end();
    EXPECT_LT(since_close.ms(), 1000);
  }
  close(filler);
  close(listener);
}

TEST(NodeActor, EndsPromptlyWhileAStoppedPeerHasItsBuffersFull) {
  ChildNode child(options_of("n2"), {at("n1", 1)});
  const uint16_t port = child.start();
  RealNode n1(options_of("n1"));
  n1.set_peers({at("n2", port)});
  ASSERT_TRUE(n1.connected_to("n2"));
  child.signal(SIGSTOP);
  for (int i = 0; i < 12; ++i) n1.send("n2", std::string(1 << 20, 'x'));
  const Stopwatch since_close;
  n1.close();
  n1.end();
  EXPECT_LT(since_close.ms(), 1000);
}

class Cut : public testing::TestWithParam<std::pair<bool, bool>> {};
INSTANTIATE_TEST_SUITE_P(Ways, Cut,
                         testing::Values(std::pair(true, false), std::pair(false, true), std::pair(true, true)));

// The bytes of one or both directions stop, and the connection stays: both sides notice, and are together again after
// it.
TEST_P(Cut, IsNoticedOnBothSidesAndHealed) {
  RealNode n1(options_of("n1")), n2(options_of("n2"));
  Relay relay(n2.port());
  n2.set_peers({at("n1", n1.port())});
  n1.set_peers({at("n2", relay.port())});
  ASSERT_TRUE(n1.connected_to("n2") && n2.connected_to("n1"));
  const Stopwatch since_cut;
  relay.hold(GetParam().first, GetParam().second);
  ASSERT_TRUE(n1.wait_told("down n2"));
  ASSERT_TRUE(n2.wait_told("down n1"));
  RecordProperty("down_ms", static_cast<int>(since_cut.ms()));
  EXPECT_LT(since_cut.ms(), 3500);
  relay.hold(false, false);
  EXPECT_TRUE(n1.wait_told("up n2", 2) && n2.wait_told("up n1", 2));
  ASSERT_TRUE(n1.send("n2", "after all"));
  EXPECT_TRUE(n2.wait_told("n1: after all"));
}

// The one that was dialed once dropped a parcel that came before it had finished its own greeting.
TEST(NodeActor, TakesWhatIsSentTheMomentItIsUp) {
  RealNode n1(options_of("n1")), n2(options_of("n2"));
  n1.on_up = [&](const std::string& node) { EXPECT_TRUE(n1.transport().send(node, "from n1")); };
  n2.on_up = [&](const std::string& node) { EXPECT_TRUE(n2.transport().send(node, "from n2")); };
  n2.set_peers({at("n1", n1.port())});
  for (size_t times = 1; times <= 10; ++times) {
    n1.set_peers({at("n2", n2.port())});
    ASSERT_TRUE(n2.wait_told("n1: from n1", times)) << times;
    ASSERT_TRUE(n1.wait_told("n2: from n2", times)) << times;
    n1.set_peers({});
    ASSERT_TRUE(n1.wait_told("down n2", times) && n2.wait_told("down n1", times));
  }
}

TEST(NodeActor, FindsAPeerByItsName) {
  RealNode n1(options_of("n1")), n2(options_of("n2"));
  n2.set_peers({at("n1", n1.port())});
  n1.set_peers({{"n2", "localhost", n2.port()}, {"n3", "no-such-host.invalid", 1}});
  EXPECT_TRUE(n1.connected_to("n2"));
  EXPECT_TRUE(n1.wait([&] { return n1.status("n3").last_error.find("no-such-host.invalid") != std::string::npos; }));
}

TEST(NodeActor, FindsAPeerAtItsNewAddress) {
  RealNode n1(options_of("n1")), n2(options_of("n2"));
  n2.set_peers({at("n1", n1.port())});
  n1.set_peers({at("n2", 1)});
  EXPECT_TRUE(n1.wait([&] { return n1.status("n2").last_error == "Connection refused"; }));
  n1.set_peers({at("n2", n2.port())});
  EXPECT_TRUE(n1.connected_to("n2"));
}

}  // namespace
}  // namespace stoa
