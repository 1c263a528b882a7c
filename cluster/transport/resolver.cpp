#include "cluster/transport/resolver.hpp"

#include <arpa/inet.h>
#include <cstring>
#include <map>
#include <mutex>
#include <netinet/in.h>
#include <thread>
#include <tuple>

namespace stoa {
namespace {

Result<SocketAddress> address_info(const std::string& host, uint16_t port, int flags) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags | AI_NUMERICSERV;
  addrinfo* list = nullptr;
  const int failed = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
  if (failed != 0) return Error{"cannot find " + host + ": " + gai_strerror(failed)};
  SocketAddress found(list->ai_addr, list->ai_addrlen);
  // A listener of localhost is mostly one of 127.0.0.1 alone.
  for (const addrinfo* info = list; info != nullptr; info = info->ai_next) {
    if (info->ai_family != AF_INET) continue;
    found = SocketAddress(info->ai_addr, info->ai_addrlen);
    break;
  }
  freeaddrinfo(list);
  return found;
}

using Key = std::tuple<const Resolver*, std::string, uint16_t>;

// Of the process: the threads outlive the resolvers, and what they find then goes nowhere.
struct LookUps {
  std::mutex mutex;  // held while a `found` runs, so that a resolver's end waits for it
  std::map<Key, Resolver::Found> waiting;
};
LookUps& look_ups() {
  static auto& all = *new LookUps;  // never destroyed
  return all;
}

}  // namespace

SocketAddress::SocketAddress(const sockaddr* address, socklen_t size) : size_(size) {
  std::memcpy(&storage_, address, size);
}

SocketAddress SocketAddress::of_peer(int socket) {
  SocketAddress peer;
  peer.size_ = sizeof peer.storage_;
  if (getpeername(socket, reinterpret_cast<sockaddr*>(&peer.storage_), &peer.size_) != 0) return {};
  return peer;
}

std::string SocketAddress::host() const {
  char text[INET6_ADDRSTRLEN] = "";
  if (family() == AF_INET)
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(&storage_)->sin_addr, text, sizeof text);
  else if (family() == AF_INET6)
    inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6*>(&storage_)->sin6_addr, text, sizeof text);
  return text;
}

uint16_t SocketAddress::port() const {
  if (family() == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in*>(&storage_)->sin_port);
  return family() == AF_INET6 ? ntohs(reinterpret_cast<const sockaddr_in6*>(&storage_)->sin6_port) : 0;
}

Result<SocketAddress> resolve(const std::string& host, uint16_t port) { return address_info(host, port, 0); }

std::optional<SocketAddress> numeric_address(const std::string& host, uint16_t port) {
  auto found = address_info(host, port, AI_NUMERICHOST);
  if (!found) return std::nullopt;
  return *found;
}

Resolver::~Resolver() {
  LookUps& all = look_ups();
  const std::lock_guard lock(all.mutex);
  for (auto i = all.waiting.begin(); i != all.waiting.end();) {
    i = std::get<0>(i->first) == this ? all.waiting.erase(i) : std::next(i);
  }
}

bool Resolver::look_up(const std::string& host, uint16_t port, Found found) {
  const Key key(this, host, port);
  LookUps& all = look_ups();
  {
    const std::lock_guard lock(all.mutex);
    if (!all.waiting.emplace(key, std::move(found)).second) return false;
  }
  std::thread([key] {
    auto address = resolve(std::get<1>(key), std::get<2>(key));
    LookUps& mine = look_ups();
    const std::lock_guard lock(mine.mutex);
    const auto waiting = mine.waiting.find(key);
    if (waiting == mine.waiting.end()) return;
    const Found tell = std::move(waiting->second);
    mine.waiting.erase(waiting);
    tell(std::move(address));
  }).detach();
  return true;
}

}  // namespace stoa
