#include "cluster/transport/greeting.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

Hello hello_of(const std::string& node) {
  Hello hello;
  hello.cluster = "demo";
  hello.node = node;
  hello.version = "1.0";
  hello.incarnation = "a";
  return hello;
}

Doorkeeper n2() {
  Doorkeeper keeper;
  keeper.cluster = "demo";
  keeper.node = "n2";
  keeper.member = true;
  keeper.host = "10.0.0.1";
  return keeper;
}

TEST(Greeting, WelcomesAMember) { EXPECT_EQ(refusal_of(hello_of("n1"), "n2", n2()), std::nullopt); }

TEST(Greeting, WelcomesACertificateForTheNameOrTheHost) {
  Doorkeeper keeper = n2();
  keeper.secured = true;
  keeper.certificate = {"localhost", "N1"};
  EXPECT_EQ(refusal_of(hello_of("n1"), "n2", keeper), std::nullopt);
  keeper.certificate = {"10.0.0.1"};
  EXPECT_EQ(refusal_of(hello_of("n1"), "n2", keeper), std::nullopt);
  for (const auto& names : {std::vector<std::string>{}, {"n11"}, {"*"}, {"n"}}) {
    keeper.certificate = names;
    EXPECT_NE(refusal_of(hello_of("n1"), "n2", keeper), std::nullopt);
  }
}

TEST(Greeting, IsRefusedForEveryReasonItHas) {
  Hello other = hello_of("n1");
  other.cluster = "shop";
  EXPECT_EQ(refusal_of(other, "n2", n2()), "n2 is of the cluster demo and n1 of shop");
  other = hello_of("n1");
  other.protocol = kClusterProtocol + 1;
  EXPECT_EQ(refusal_of(other, "n2", n2()), "n2 speaks protocol " + std::to_string(kClusterProtocol) +
                                               " and n1 speaks " + std::to_string(other.protocol) + " (version 1.0)");
  EXPECT_EQ(refusal_of(hello_of("n1"), "n3", n2()), "n1 looks for n3 where n2 is: check hosts and ports");
  EXPECT_EQ(refusal_of(hello_of("n2"), "n2", n2()), "there is another live node by the name n2");
  EXPECT_EQ(refusal_of(hello_of("n3"), "n2", n2()), "n3 must wait to be dialed by n2");
  Doorkeeper keeper = n2();
  keeper.member = false;
  EXPECT_EQ(refusal_of(hello_of("n1"), "n2", keeper), "n2 knows no node by the name n1: is it new, or was it removed?");
}

TEST(Greeting, TellsALiveTwinFromAConnectionThatIsEnding) {
  Doorkeeper keeper = n2();
  keeper.connected_incarnation = "b";
  keeper.connected_is_alive = true;
  EXPECT_EQ(refusal_of(hello_of("n1"), "n2", keeper), "there is another live node by the name n1, and it is connected");
  keeper.connected_is_alive = false;
  EXPECT_EQ(refusal_of(hello_of("n1"), "n2", keeper), "the connection before is still being closed");
  keeper.connected_incarnation = "a";
  keeper.connected_is_alive = true;
  EXPECT_EQ(refusal_of(hello_of("n1"), "n2", keeper), "the connection before is still being closed");
}

TEST(Greeting, OneOfEachPairDials) {
  EXPECT_TRUE(dials("n1", "n2"));
  EXPECT_FALSE(dials("n2", "n1"));
}

}  // namespace
}  // namespace stoa
