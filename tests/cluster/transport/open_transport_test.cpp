#include "cluster/transport/open_transport.hpp"

#include <filesystem>
#include <gtest/gtest.h>

#include "tests/cluster/transport/certificates.hpp"
#include "tests/cluster/transport/real_node.hpp"

namespace stoa {
namespace {

using test::at;
using test::Certificates;
using test::options_of;
using test::RealNode;

// Once in the clear and once in TLS.
class Transports : public testing::TestWithParam<bool> {
 protected:
  TransportOptions of(const std::string& node) {
    TransportOptions options = options_of(node);
    if (certificates_) options.tls = certificates_->of(node);
    return options;
  }

 private:
  const std::unique_ptr<Certificates> certificates_ = GetParam() ? std::make_unique<Certificates>("n1 n2 n3") : nullptr;
};
INSTANTIATE_TEST_SUITE_P(Nodes, Transports, testing::Bool(),
                         [](const auto& made) { return made.param ? "Tls" : "Clear"; });

TEST_P(Transports, ConnectNodesThatNameEachOther) {
  RealNode n1(of("n1")), n2(of("n2"));
  n1.set_peers({at("n2", n2.port())});
  n2.set_peers({at("n1", n1.port())});
  ASSERT_TRUE(n1.connected_to("n2"));
  ASSERT_TRUE(n2.connected_to("n1"));
  EXPECT_EQ(n1.told().front(), "up n2");
  EXPECT_EQ(n2.told().front(), "up n1");
  EXPECT_EQ(n1.hello_of("n2").facts, "facts of n2");
  EXPECT_EQ(n2.hello_of("n1").version, "1.2.3");
  EXPECT_NE(n1.hello_of("n2").incarnation, n2.hello_of("n1").incarnation);
}

TEST_P(Transports, DeliverParcelsInOrderBothWays) {
  RealNode n1(of("n1")), n2(of("n2"));
  n1.set_peers({at("n2", n2.port())});
  n2.set_peers({at("n1", n1.port())});
  ASSERT_TRUE(n1.connected_to("n2") && n2.connected_to("n1"));
  std::vector<std::string> expected_by_n1{"up n2"}, expected_by_n2{"up n1"};
  for (int i = 0; i < 1000; ++i) {
    ASSERT_TRUE(n1.send("n2", "a" + std::to_string(i)));
    ASSERT_TRUE(n2.send("n1", "b" + std::to_string(i)));
    expected_by_n2.push_back("n1: a" + std::to_string(i));
    expected_by_n1.push_back("n2: b" + std::to_string(i));
  }
  ASSERT_TRUE(n1.wait_told("n2: b999") && n2.wait_told("n1: a999"));
  EXPECT_EQ(n1.told(), expected_by_n1);
  EXPECT_EQ(n2.told(), expected_by_n2);
  EXPECT_TRUE(n1.wait([&] { return n1.status("n2").bytes_under_way == 0; }));
}

TEST_P(Transports, TakeNoMoreThanTheBoundUnderWayAndAllOfItArrives) {
  RealNode n1(of("n1")), n2(of("n2"));
  n1.set_peers({at("n2", n2.port())});
  n2.set_peers({at("n1", n1.port())});
  ASSERT_TRUE(n1.connected_to("n2") && n2.connected_to("n1"));
  size_t taken = 0, refused = 0;
  n1.on_loop([&] {  // nothing is acknowledged while this runs
    for (int i = 0; i < 20; ++i) {
      const bool sent = n1.transport().send("n2", std::string(Transport::kMaxParcelBytes, 'x'));
      (sent ? taken : refused) += 1;
    }
  });
  EXPECT_EQ(taken, Transport::kMaxBytesUnderWay / Transport::kMaxParcelBytes - 1);
  EXPECT_EQ(refused, 20 - taken);
  EXPECT_TRUE(n2.wait([&] { return n2.bytes_received() == taken * Transport::kMaxParcelBytes; }));
  EXPECT_TRUE(n1.wait([&] { return n1.status("n2").bytes_under_way == 0; }));
  EXPECT_TRUE(n1.send("n2", "and again"));
  EXPECT_TRUE(n2.wait_told("n1: and again"));
}

TEST_P(Transports, ConnectThreeNodesAllToAll) {
  RealNode n1(of("n1")), n2(of("n2")), n3(of("n3"));
  const std::vector<PeerAddress> all{at("n1", n1.port()), at("n2", n2.port()), at("n3", n3.port())};
  for (RealNode* node : {&n1, &n2, &n3}) node->set_peers(all);
  for (RealNode* node : {&n1, &n2, &n3}) {
    EXPECT_TRUE(node->wait([&] {
      int connected = 0;
      for (const char* peer : {"n1", "n2", "n3"}) connected += node->status(peer).connected;
      return connected == 2;
    }));
  }
  ASSERT_TRUE(n3.send("n1", "hello from n3"));
  EXPECT_TRUE(n1.wait_told("n3: hello from n3"));
}

TEST_P(Transports, LetGoOfANodeThatIsLeftOutAndTakeItBack) {
  RealNode n1(of("n1")), n2(of("n2"));
  n1.set_peers({at("n2", n2.port())});
  n2.set_peers({at("n1", n1.port())});
  ASSERT_TRUE(n1.connected_to("n2") && n2.connected_to("n1"));
  n1.set_peers({});
  EXPECT_TRUE(n1.wait_told("down n2") && n2.wait_told("down n1"));
  EXPECT_FALSE(n1.send("n2", "x"));
  n1.set_peers({at("n2", n2.port())});
  EXPECT_TRUE(n1.wait_told("up n2", 2) && n2.wait_told("up n1", 2));
}

TEST_P(Transports, SeeAnotherNodeCloseAtOnceAndEndInLessThanASecond) {
  RealNode n1(of("n1")), n2(of("n2"));
  n1.set_peers({at("n2", n2.port())});
  n2.set_peers({at("n1", n1.port())});
  ASSERT_TRUE(n1.connected_to("n2") && n2.connected_to("n1"));
  const int64_t begun = SystemClock().monotonic_ns();
  n2.close();
  n2.end();
  const int64_t ended = SystemClock().monotonic_ns();
  EXPECT_TRUE(n1.wait_told("down n2"));
  EXPECT_LT((ended - begun) / 1'000'000, 1000);
  EXPECT_EQ(n2.told().back(), "up n1") << "a closed transport calls its port no more";
}

TEST_P(Transports, CompareClocks) {
  RealNode n1(of("n1")), n2(of("n2"));
  n1.set_peers({at("n2", n2.port())});
  n2.set_peers({at("n1", n1.port())});
  ASSERT_TRUE(n1.connected_to("n2") && n2.connected_to("n1"));
  // Both are clocks of this machine.
  EXPECT_LE(std::abs(n1.status("n2").clock_ahead_ms), n1.status("n2").round_trip_ms + 1);
}

TEST(Transport, ListensBeyondLoopbackOnlyInTlsUnlessItIsAllowed) {
  TransportOptions options = options_of("n1");
  options.listen_host = "0.0.0.0";
  EXPECT_EQ(RealNode(options).error(), "the cluster port may listen on 0.0.0.0 only with tls");
  options.insecure = true;
  EXPECT_EQ(RealNode(options).error(), "");
}

TEST(Transport, GivesItsSocketBackWhenItIsClosedBeforeItListens) {
  const auto open_files = [] {
    const std::filesystem::directory_iterator files("/proc/self/fd");
    return std::distance(begin(files), end(files));
  };
  const auto before = open_files();
  {
    RealNode node(options_of("n1"));
    ASSERT_EQ(node.error(), "");
    node.close();
  }
  EXPECT_EQ(open_files(), before);
}

TEST(Transport, SaysWhyItCannotListen) {
  RealNode first(options_of("n1"));
  TransportOptions options = options_of("n2");
  options.listen_port = first.port();
  EXPECT_EQ(RealNode(options).error(),
            "the cluster port 127.0.0.1:" + std::to_string(first.port()) + ": Address already in use");
}

}  // namespace
}  // namespace stoa
