#include <caf/io/all.hpp>
#include <gtest/gtest.h>

#include "tests/cluster/transport/real_node.hpp"

namespace stoa {
namespace {

using test::at;
using test::options_of;
using test::RealNode;

// What anyone who reaches a port in the clear can do: an actor system like any other, which finds the node's actor.
class Stranger {
 public:
  explicit Stranger(uint16_t port) : system_(config_.load<caf::io::middleman>()), self_(system_) {
    self_
        ->request(system_.middleman().actor_handle(), caf::infinite, caf::connect_atom::value, std::string("127.0.0.1"),
                  port)
        .receive([this](const caf::node_id&, caf::strong_actor_ptr& actor,
                        const std::set<std::string>&) { actor_ = caf::actor_cast<caf::actor>(actor); },
                 [](const caf::error&) {});
  }
  bool knows() const { return static_cast<bool>(actor_); }
  template <class T>
  void say(T what) {
    self_->send(actor_, std::move(what));
  }

 private:
  caf::actor_system_config config_;
  caf::actor_system system_;
  caf::scoped_actor self_;
  caf::actor actor_;
};

TEST(NodeActor, IsNotEndedByWhatAStrangerSends) {
  RealNode n1(options_of("n1")), n2(options_of("n2"));
  {
    Stranger stranger(n2.port());
    ASSERT_TRUE(stranger.knows());
    stranger.say(caf::make_error(caf::sec::unexpected_message));
    stranger.say(caf::exit_msg{caf::actor_addr{}, caf::exit_reason::kill});
    stranger.say(std::string("good day"));
  }
  n2.set_peers({at("n1", n1.port())});
  n1.set_peers({at("n2", n2.port())});
  EXPECT_TRUE(n1.connected_to("n2"));
  EXPECT_TRUE(n2.connected_to("n1"));
}

}  // namespace
}  // namespace stoa
