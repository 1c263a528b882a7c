#include "cluster/transport/node_broker.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/cluster/transport/log_lines.hpp"
#include "tests/cluster/transport/real_node.hpp"
#include "tests/cluster/transport/recorded.hpp"
#include "tests/cluster/transport/relay.hpp"

namespace stoa {
namespace {

using test::at;
using test::LogLines;
using test::options_of;
using test::RealNode;

// AddressSanitizer keeps what was freed.
#ifdef __SANITIZE_ADDRESS__
constexpr bool kMemoryIsSeen = false;
#else
constexpr bool kMemoryIsSeen = true;
#endif

// In the last round of a turn, so that what it sends waits for the next one.
void in_the_last_round(Loop& loop, int round, const std::function<void()>& work) {
  if (round == Loop::kMaxRounds) return work();
  loop.post([&loop, round, work] { in_the_last_round(loop, round + 1, work); });
}

// The connection has ended, and the loop hears of it between the sending and the broker's turn.
void send_as_it_ends(RealNode& from, RealNode& to) {
  std::promise<void> sent;
  boost::asio::post(from.loop().context(), [&] {
    to.set_peers({});
    EXPECT_TRUE(to.wait_told("down n1", 1));
    in_the_last_round(from.loop(), 0, [&] {
      for (int i = 0; i < 15; ++i) from.transport().send("n2", std::string(Transport::kMaxParcelBytes, 'x'));
      sent.set_value();
    });
  });
  sent.get_future().wait();
}

TEST(NodeBroker, KeepsNothingOfWhatIsSentToAConnectionThatIsGone) {
  constexpr int kTimes = 12;
  LogLines log;
  RealNode n1(options_of("n1"));
  int64_t before = 0;
  for (int i = 0; i < kTimes; ++i) {
    RealNode n2(options_of("n2"));
    n2.set_peers({at("n1", n1.port())});
    n1.set_peers({at("n2", n2.port())});
    ASSERT_TRUE(n1.connected_to("n2") && n2.connected_to("n1"));
    if (i == 1) before = test::resident_bytes();
    send_as_it_ends(n1, n2);
    ASSERT_TRUE(n1.wait_told("down n2", static_cast<size_t>(i + 1)));
  }
  if (kMemoryIsSeen) {
    EXPECT_LT(test::resident_bytes() - before, 64 << 20);
  }
}

// Whoever has a new name each time, as every process has.
TEST(NodeBroker, ForgetsNodesThatAreGone) {
  constexpr int kNodes = 8000;
  const std::string recorded = test::conversation();
  std::string handshake = recorded.substr(0, test::frames_of(recorded).at(1));
  RealNode n2(options_of("n2"));
  int64_t before = 0;
  for (int i = 0; i < kNodes; ++i) {
    if (i == 1000) before = test::resident_bytes();
    handshake[handshake.size() - 6] = static_cast<char>(i);
    handshake[handshake.size() - 7] = static_cast<char>(i >> 8);
    const int socket = test::connect_to(n2.port());
    ASSERT_GE(socket, 0);
    test::write_all(socket, handshake);
    shutdown(socket, SHUT_WR);
    ASSERT_TRUE(test::ended(socket, 5));
    close(socket);
  }
  if (kMemoryIsSeen) {
    EXPECT_LT(test::resident_bytes() - before, 4 << 20);
  }
}

}  // namespace
}  // namespace stoa
