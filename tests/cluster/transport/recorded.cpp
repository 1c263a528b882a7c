#include "tests/cluster/transport/recorded.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <malloc.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cluster/transport/frame_guard.hpp"
#include "tests/cluster/transport/real_node.hpp"
#include "tests/cluster/transport/relay.hpp"

namespace stoa::test {

std::string header(uint8_t operation, uint32_t length, uint64_t data) {
  std::string bytes(FrameGuard::kHeaderBytes, '\0');
  bytes[0] = static_cast<char>(operation);
  for (int i = 0; i < 4; ++i) bytes[4 + i] = static_cast<char>(length >> (24 - 8 * i));
  for (int i = 0; i < 8; ++i) bytes[8 + i] = static_cast<char>(data >> (56 - 8 * i));
  return bytes;
}

void write_all(int socket, const std::string& bytes) {
  for (size_t sent = 0; sent < bytes.size();) {
    const ssize_t put = send(socket, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (put <= 0) return;  // it has closed already
    sent += static_cast<size_t>(put);
  }
}

std::string conversation() {
  RealNode n1(options_of("n1")), n2(options_of("n2"));
  Relay relay(n2.port());
  n2.set_peers({at("n1", n1.port())});
  n1.set_peers({at("n2", relay.port())});
  EXPECT_TRUE(n1.connected_to("n2"));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(n1.send("n2", "parcel " + std::to_string(i)));
  EXPECT_TRUE(n2.wait_told("n1: parcel 2"));
  return relay.sent_by_client();
}

std::vector<size_t> frames_of(const std::string& bytes) {
  std::vector<size_t> begins;
  for (size_t at = 0; at + FrameGuard::kHeaderBytes <= bytes.size();) {
    begins.push_back(at);
    uint32_t length = 0;
    for (int i = 0; i < 4; ++i) length = length << 8 | static_cast<unsigned char>(bytes[at + 4 + i]);
    at += FrameGuard::kHeaderBytes + length;
  }
  return begins;
}

int64_t resident_bytes() {
  malloc_trim(0);
  std::ifstream statm("/proc/self/statm");
  int64_t all = 0, resident = 0;
  statm >> all >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

}  // namespace stoa::test
