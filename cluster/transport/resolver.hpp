// Names of hosts to socket addresses. The system's own look-up blocks for as long as a name server keeps silent, so
// names are looked up by threads that nobody waits for; an address is read at once.
#pragma once

#include <cstdint>
#include <functional>
#include <netdb.h>
#include <optional>
#include <string>
#include <sys/socket.h>

#include "base/result.hpp"

namespace stoa {

class SocketAddress {
 public:
  SocketAddress() = default;
  SocketAddress(const sockaddr* address, socklen_t size);
  static SocketAddress of_peer(int socket);

  int family() const { return storage_.ss_family; }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage_); }
  socklen_t size() const { return size_; }
  std::string host() const;  // numeric
  uint16_t port() const;

 private:
  sockaddr_storage storage_{};
  socklen_t size_ = 0;
};

// Blocks while a name is looked up; an address in numbers is read at once.
Result<SocketAddress> resolve(const std::string& host, uint16_t port);

// nullopt: it is a name.
std::optional<SocketAddress> numeric_address(const std::string& host, uint16_t port);

// Looks names up on threads of its own and forgets those that outlive it.
class Resolver {
 public:
  using Found = std::function<void(Result<SocketAddress>)>;

  Resolver() = default;
  // Waits for no look-up. No `found` runs afterwards.
  ~Resolver();
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;

  // `found` runs on a thread of the look-up, at most once. One look-up at a time for each name and port: false, and
  // nothing happens, while one is under way.
  bool look_up(const std::string& host, uint16_t port, Found found);
};

}  // namespace stoa
