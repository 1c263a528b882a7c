#include <gtest/gtest.h>

#include "cluster/transport/node_actor.hpp"
#include "tests/cluster/transport/certificates.hpp"
#include "tests/cluster/transport/log_lines.hpp"
#include "tests/cluster/transport/real_node.hpp"

namespace stoa {
namespace {

using test::at;
using test::certificate_of_name_only;
using test::Certificates;
using test::LogLines;
using test::options_of;
using test::RealNode;

// n1 dials n2. Both logs say why it comes to nothing, once, and nobody's port hears of it.
void expect_refused(TransportOptions o1, TransportOptions o2, const std::string& said_by_n1,
                    const std::string& said_by_n2) {
  LogLines log;
  RealNode n1(std::move(o1)), n2(std::move(o2));
  n2.set_peers({at("n1", n1.port())});
  n1.set_peers({at("n2", n2.port())});
  EXPECT_TRUE(n1.wait([&] { return log.count(said_by_n1) == 1 && log.count(said_by_n2) == 1; })) << log.all();
  EXPECT_NE(n1.status("n2").last_error, "");
  // It goes on trying, and does not go on saying so.
  const int64_t begun = SystemClock().monotonic_ns();
  EXPECT_TRUE(n1.wait([&] { return SystemClock().monotonic_ns() - begun > 400'000'000; }));
  EXPECT_EQ(log.count(said_by_n1), 1u) << log.all();
  EXPECT_EQ(log.count(said_by_n2), 1u) << log.all();
  EXPECT_TRUE(n1.told().empty() && n2.told().empty());
}

TEST(NodeActor, RefusesAnotherCluster) {
  TransportOptions o2 = options_of("n2");
  o2.cluster = "other";
  expect_refused(options_of("n1"), o2,
                 R"(warn cannot connect to a node node=n2 why="refused: n2 is of the cluster other and n1 of test")",
                 R"(warn refused a node node=n1 from=127.0.0.1 why="n2 is of the cluster other and n1 of test")");
}

TEST(NodeActor, RefusesAnotherProtocol) {
  TransportOptions o1 = options_of("n1");
  o1.protocol = 7;
  const std::string why = "n2 speaks protocol " + std::to_string(kClusterProtocol) + " and n1 speaks 7 (version 1.2.3)";
  expect_refused(o1, options_of("n2"), "why=\"refused: " + why + "\"", "from=127.0.0.1 why=\"" + why + "\"");
}

TEST(NodeActor, RefusesToBeTakenForAnotherNode) {
  expect_refused(options_of("n1"), options_of("n3"), "why=\"refused: n1 looks for n2 where n3 is",
                 "why=\"n1 looks for n2 where n3 is");
}

TEST(NodeActor, RefusesANodeThatItDoesNotKnow) {
  LogLines log;
  RealNode n1(options_of("n1")), n2(options_of("n2"));
  n1.set_peers({at("n2", n2.port())});
  EXPECT_TRUE(n1.wait([&] { return log.count("n2 knows no node by the name n1") == 2; })) << log.all();
  // It is let in once it is known.
  n2.set_peers({at("n1", n1.port())});
  EXPECT_TRUE(n2.connected_to("n1"));
}

TEST(NodeActor, RefusesASecondLiveProcessByTheSameName) {
  LogLines log;
  RealNode n2(options_of("n2")), n1(options_of("n1")), twin(options_of("n1"));
  n2.set_peers({at("n1", n1.port())});
  n1.set_peers({at("n2", n2.port())});
  ASSERT_TRUE(n2.connected_to("n1") && n1.connected_to("n2"));
  twin.set_peers({at("n2", n2.port())});
  EXPECT_TRUE(twin.wait([&] { return log.count("another live node by the name n1, and it is connected") == 2; }))
      << log.all();
  EXPECT_TRUE(n1.status("n2").connected);
  EXPECT_TRUE(n2.status("n1").connected);
  EXPECT_TRUE(twin.told().empty());
  EXPECT_EQ(n2.told().size(), 1u);
}

TEST(NodeActor, RefusesItsOwnAddressUnderAnotherName) {
  LogLines log;
  RealNode n1(options_of("n1"));
  n1.set_peers({at("n2", n1.port())});
  EXPECT_TRUE(n1.wait([&] { return log.count("its address is that of n1") == 1; })) << log.all();
}

TEST(NodeActor, RefusesACertificateOfAnotherAuthority) {
  const Certificates ours("n1 n2"), theirs("n1 n2");
  TransportOptions o1 = options_of("n1"), o2 = options_of("n2");
  o1.tls = ours.of("n1");
  o2.tls = theirs.of("n2");
  expect_refused(o1, o2, "cannot connect to a node node=n2 why=\"its certificate is not trusted",
                 "refused a connection to the cluster port from=127.0.0.1 why=\"it does not trust our certificate");
}

TEST(NodeActor, RefusesToBeGreetedWithACertificateOfAnotherAuthority) {
  const Certificates ours("n1 n2"), theirs("n1 n2");
  TransportOptions o1 = options_of("n1"), o2 = options_of("n2");
  o1.tls = theirs.of("n1");
  o1.tls->ca = ours.of("n1").ca;
  o2.tls = ours.of("n2");
  expect_refused(o1, o2, "cannot connect to a node node=n2 why=\"it does not trust our certificate",
                 "refused a connection to the cluster port from=127.0.0.1 why=\"its certificate is not trusted");
}

TEST(NodeActor, RefusesANodeThatHasNoTls) {
  const Certificates certificates("n1 n2");
  TransportOptions o1 = options_of("n1"), o2 = options_of("n2");
  o2.tls = certificates.of("n2");
  expect_refused(o1, o2, "cannot connect to a node node=n2", "from=127.0.0.1 why=\"it does not speak TLS\"");
}

TEST(NodeActor, SaysThatTheOtherDoesNotSpeakTls) {
  const Certificates certificates("n1 n2");
  LogLines log;
  TransportOptions o1 = options_of("n1");
  o1.tls = certificates.of("n1");
  RealNode n1(o1), n2(options_of("n2"));
  n2.set_peers({at("n1", n1.port())});
  n1.set_peers({at("n2", n2.port())});
  // It may first see the other's bytes, or its end.
  EXPECT_TRUE(n1.wait([&] {
    return log.count("not speak TLS") >= 1 && log.count("from=127.0.0.1 why=\"what came is no frame of ours\"") == 1;
  })) << log.all();
  EXPECT_TRUE(n1.told().empty() && n2.told().empty());
}

TEST(NodeActor, RefusesToDialACertificateForAnotherName) {
  const Certificates certificates("n1 n2");
  TransportOptions o1 = options_of("n1"), o2 = options_of("n2");
  o1.tls = certificates.of("n1");
  o2.tls = certificate_of_name_only(certificates, "n9");
  expect_refused(o1, o2, "why=\"its certificate is for n9 and not for n2, 127.0.0.1\"",
                 "from=127.0.0.1 why=\"it does not trust our certificate");
}

TEST(NodeActor, RefusesToBeGreetedWithACertificateForAnotherName) {
  const Certificates certificates("n1 n2");
  TransportOptions o1 = options_of("n1"), o2 = options_of("n2");
  o1.tls = certificate_of_name_only(certificates, "n9");
  o2.tls = certificates.of("n2");
  expect_refused(o1, o2, "refused: the certificate of n1 is for n9 and neither for n1 nor for 127.0.0.1",
                 "from=127.0.0.1 why=\"the certificate of n1 is for n9");
}

TEST(NodeActor, IsContentWithACertificateForTheNodesNameAlone) {
  const Certificates certificates("n1 n2");
  TransportOptions o1 = options_of("n1"), o2 = options_of("n2");
  o1.tls = certificate_of_name_only(certificates, "n1");
  o2.tls = certificate_of_name_only(certificates, "n2");
  RealNode n1(o1), n2(o2);
  n2.set_peers({at("n1", n1.port())});
  n1.set_peers({at("n2", n2.port())});
  EXPECT_TRUE(n1.connected_to("n2") && n2.connected_to("n1"));
}

}  // namespace
}  // namespace stoa
