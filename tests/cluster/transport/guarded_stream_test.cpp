#include "cluster/transport/guarded_stream.hpp"

#include <arpa/inet.h>
#include <cstdlib>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/cluster/transport/certificates.hpp"
#include "tests/cluster/transport/log_lines.hpp"
#include "tests/cluster/transport/real_node.hpp"
#include "tests/cluster/transport/recorded.hpp"
#include "tests/cluster/transport/relay.hpp"

namespace stoa {
namespace {

using test::at;
using test::Certificates;
using test::conversation;
using test::frames_of;
using test::header;
using test::LogLines;
using test::options_of;
using test::RealNode;
using test::resident_bytes;
using test::write_all;

// It is alive when it still meets a peer.
void expect_alive(RealNode& n2) {
  RealNode n1(options_of("n1"));
  n2.set_peers({at("n1", n1.port())});
  n1.set_peers({at("n2", n2.port())});
  EXPECT_TRUE(n1.connected_to("n2"));
}

double cpu_s() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

TEST(GuardedStream, ClosesOnTheFramesThatBrokeTheParser) {
  const std::string recorded = conversation();
  const std::string handshake = recorded.substr(0, frames_of(recorded).at(1));
  LogLines log;
  RealNode n2(options_of("n2"));
  for (const std::string& bytes :
       {header(0, 0, 1), header(0, 0), header(1, 0xffffffff), header(9, 0), handshake + header(2, 0xffffffff),
        handshake + header(2, 64, 3ull << 60) + std::string(64, 'x'), handshake + header(2, 0),
        handshake + header(3, 64) + std::string(64, 'x'), std::string("GET / HTTP/1.1\r\nHost: shop\r\n\r\n")}) {
    const int64_t before = resident_bytes();
    const int socket = test::connect_to(n2.port());
    write_all(socket, bytes);
    EXPECT_TRUE(test::ended(socket, 2)) << "operation " << static_cast<int>(bytes[0]);
    EXPECT_LT(resident_bytes() - before, 64 << 20);
    close(socket);
  }
  EXPECT_GE(log.count("refused a connection to the cluster port from=127.0.0.1"), 4u) << log.all();
  expect_alive(n2);
}

// Both kinds of silence: nothing at all, and a beginning that never ends. Once in the clear and once in TLS.
TEST(GuardedStream, ClosesHeldConnectionsInThreeSecondsAndSpendsNothingOnThem) {
  const Certificates certificates("n2");
  for (const bool secured : {false, true}) {
    LogLines log;
    TransportOptions options = options_of("n2");
    if (secured) options.tls = certificates.of("n2");
    RealNode n2(options);
    const int64_t begun = SystemClock().monotonic_ns();
    const double cpu_before = cpu_s();
    std::vector<int> sockets;
    for (int i = 0; i < 60; ++i) {
      sockets.push_back(test::connect_to(n2.port()));
      // Of a frame, and of a TLS record.
      if (i % 2 == 0)
        write_all(sockets.back(), secured ? std::string("\x16\x03\x01\x02", 4) : header(1, 100).substr(0, 20));
    }
    for (const int socket : sockets) {
      ASSERT_TRUE(test::ended(socket, 5));
      close(socket);
    }
    const double seconds = static_cast<double>(SystemClock().monotonic_ns() - begun) / 1e9;
    EXPECT_GT(seconds, 2.0);
    EXPECT_LT(seconds, 3.5);
    EXPECT_LT(cpu_s() - cpu_before, 0.3);
    RecordProperty(secured ? "tls_cpu_ms" : "clear_cpu_ms", static_cast<int>((cpu_s() - cpu_before) * 1000));
    EXPECT_EQ(log.count("it sent no handshake in 3 s"), 1u) << log.all();
  }
}

// Each byte comes alone for once: the parcels behind it arrive all the same.
TEST(GuardedStream, TakesAConversationHoweverItIsCut) {
  const std::string recorded = conversation();
  const size_t greeted = frames_of(recorded).at(frames_of(recorded).size() - 4);  // what follows waits for the welcome
  LogLines log;
  RealNode n2(options_of("n2"));
  n2.set_peers({at("n1", 1)});
  for (size_t cut = 1; cut < recorded.size(); ++cut) {
    const int socket = test::connect_to(n2.port());
    test::send_at_once(socket);
    write_all(socket, recorded.substr(0, std::min(cut, greeted)));
    if (cut < greeted) write_all(socket, recorded.substr(cut, greeted - cut));
    ASSERT_TRUE(n2.wait_told("up n1", cut)) << "cut at " << cut;
    if (cut > greeted) write_all(socket, recorded.substr(greeted, cut - greeted));
    write_all(socket, recorded.substr(std::max(cut, greeted)));
    ASSERT_TRUE(n2.wait_told("n1: parcel 2", cut)) << "cut at " << cut;
    close(socket);
    ASSERT_TRUE(n2.wait_told("down n1", cut)) << "cut at " << cut;
  }
}

// Both ends of a connection speak first. A peer of ours does not wait for the other; others may.
TEST(GuardedStream, SaysItsHandshakeBeforeItHasHeardOne) {
  RealNode n2(options_of("n2"));
  const int socket = test::connect_to(n2.port());
  std::string bytes(FrameGuard::kHeaderBytes, '\xff');
  ASSERT_EQ(recv(socket, bytes.data(), bytes.size(), MSG_WAITALL), static_cast<ssize_t>(bytes.size()));
  EXPECT_EQ(bytes[0], '\0') << "a server's handshake";
  close(socket);
}

// Whoever has said no more than a handshake, whose first frame anyone may make up.
TEST(GuardedStream, GivesStrangersNoRoom) {
  const std::string recorded = conversation();
  const std::string handshake = recorded.substr(0, frames_of(recorded).at(1));
  std::string claim = header(2, FrameGuard::kMaxPayloadBytes, 1);
  claim.back() = 1;  // to some actor
  std::string flood;
  while (flood.size() <= FrameGuard::kMaxStrangerBytes) flood += header(6, 0);
  LogLines log;
  RealNode n2(options_of("n2"));
  const int64_t before = resident_bytes();
  std::vector<int> sockets;
  for (size_t i = 0; i < Connections::kMaxStrangers; ++i) {
    sockets.push_back(test::connect_to(n2.port()));
    write_all(sockets.back(), handshake + (i % 8 == 0 ? flood : claim));
  }
  for (const int socket : sockets) {
    ASSERT_TRUE(test::ended(socket, 2));
    close(socket);
  }
  EXPECT_LT(resident_bytes() - before, 64 << 20);
  EXPECT_EQ(log.count("a stranger's frame is too large"), 1u) << log.all();
  EXPECT_EQ(log.count("it sends too much before it is admitted"), 1u) << log.all();
}

TEST(GuardedStream, TakesNoMoreStrangersThanItsBound) {
  RealNode n2(options_of("n2"));
  std::vector<int> sockets;
  for (size_t i = 0; i < Connections::kMaxStrangers; ++i) sockets.push_back(test::connect_to(n2.port()));
  const int one_more = test::connect_to(n2.port());
  EXPECT_TRUE(test::ended(sockets.front(), 2));
  sockets.push_back(one_more);
  for (const int socket : sockets) {
    ASSERT_TRUE(test::ended(socket, 5));
    close(socket);
  }
  expect_alive(n2);
}

TEST(GuardedStream, KeepsNoNodeOutForStrangersThatHoldConnections) {
  RealNode n2(options_of("n2"));
  std::vector<int> sockets;
  for (size_t i = 0; i < Connections::kMaxStrangers; ++i) sockets.push_back(test::connect_to(n2.port()));
  expect_alive(n2);
  char bytes[4096];
  recv(sockets.back(), bytes, sizeof bytes, MSG_DONTWAIT);  // the handshake
  EXPECT_EQ(recv(sockets.back(), bytes, sizeof bytes, MSG_DONTWAIT), -1) << "it would have been let in afterwards";
  for (const int socket : sockets) close(socket);
}

class Hostile {
 public:
  explicit Hostile(uint64_t seed) : random_(seed), recorded_(conversation()), frames_(frames_of(recorded_)) {}

  std::string next() {
    switch (random_.below(5)) {
      case 0:
        return noise(1 + random_.below(300));
      case 1:
        return plausible();
      case 2: {  // a conversation with some bytes changed
        std::string bytes = recorded_;
        for (uint64_t i = 0; i <= random_.below(8); ++i)
          bytes[random_.below(bytes.size())] = static_cast<char>(random_.u64());
        return bytes;
      }
      case 3: {  // one of its payloads changed, the headers intact
        std::string bytes = recorded_;
        const size_t frame = random_.below(frames_.size());
        const size_t begin = frames_[frame] + FrameGuard::kHeaderBytes;
        const size_t end = frame + 1 < frames_.size() ? frames_[frame + 1] : bytes.size();
        for (uint64_t i = 0; i <= random_.below(8) && begin < end; ++i)
          bytes[begin + random_.below(end - begin)] = static_cast<char>(random_.u64());
        return bytes;
      }
      default: {  // its beginning, and then something else
        std::string bytes = recorded_.substr(0, frames_[1 + random_.below(frames_.size() - 1)]);
        for (uint64_t i = 0; i <= random_.below(4); ++i) bytes += plausible();
        return bytes;
      }
    }
  }

 private:
  std::string noise(size_t size) {
    std::string bytes(size, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random_.u64());
    return bytes;
  }
  std::string plausible() {
    const auto length = static_cast<uint32_t>(random_.below(200));
    std::string bytes =
        header(static_cast<uint8_t>(random_.below(7)), length, random_.u64() & ~(2ull << 60)) + noise(length);
    bytes[3] = static_cast<char>(random_.below(4));                                                     // flags
    for (int i = 16; i < 32; ++i) bytes[i] = i % 8 == 7 ? static_cast<char>(random_.below(40)) : '\0';  // actors
    return bytes;
  }

  SeededRandom random_;
  const std::string recorded_;
  const std::vector<size_t> frames_;
};

// From one of many addresses, so that the ports of none run out.
int connect_from(uint32_t address, uint16_t port) {
  const int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in from{}, to{};
  from.sin_family = to.sin_family = AF_INET;
  from.sin_addr.s_addr = htonl(INADDR_LOOPBACK + address);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  to.sin_port = htons(port);
  EXPECT_EQ(bind(s, reinterpret_cast<const sockaddr*>(&from), sizeof from), 0);
  EXPECT_EQ(connect(s, reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
  return s;
}

void send_inputs(RealNode& node, Hostile& hostile, int inputs) {
  constexpr int kAtOnce = 64;
  for (int done = 0; done < inputs; done += kAtOnce) {
    int sockets[kAtOnce];
    for (int& socket : sockets) socket = connect_from(static_cast<uint32_t>(1 + done / kAtOnce % 200), node.port());
    for (const int socket : sockets) {
      write_all(socket, hostile.next());
      shutdown(socket, SHUT_WR);
    }
    for (const int socket : sockets) {
      ASSERT_TRUE(test::ended(socket, 5)) << "of inputs " << done;
      close(socket);
    }
  }
}

// STOA_HOSTILE_INPUTS=100000 for all of it; STOA_HOSTILE_SEED for others.
TEST(GuardedStream, SurvivesRandomInput) {
  const char* wanted = std::getenv("STOA_HOSTILE_INPUTS");
  const char* seed = std::getenv("STOA_HOSTILE_SEED");
  const int inputs = wanted == nullptr ? 3000 : std::atoi(wanted);
  Hostile hostile(seed == nullptr ? 1 : std::strtoull(seed, nullptr, 10));
  LogLines log;
  RealNode n2(options_of("n2"));
  n2.set_peers({at("n1", 1)});
  send_inputs(n2, hostile, inputs);
  expect_alive(n2);
  const Certificates certificates("n2");
  TransportOptions options = options_of("n2");
  options.tls = certificates.of("n2");
  RealNode secured(options);
  send_inputs(secured, hostile, inputs / 10);
  EXPECT_TRUE(secured.told().empty());
}

}  // namespace
}  // namespace stoa
