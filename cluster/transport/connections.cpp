#include "cluster/transport/connections.hpp"

#include <sys/socket.h>

#include "base/log.hpp"

namespace stoa {

Connections::Connection* Connections::accepted(int socket, std::string host, uint16_t port) {
  const std::lock_guard lock(mutex_);
  if (closing_) return nullptr;
  make_room();
  Connection& made = connections_[next_id_];
  made.socket = socket;
  made.host = std::move(host);
  made.port = port;
  return add(made);
}

// Whoever has waited longest gives way, before all others one that has not even sent a handshake: those who hold
// connections must not keep the nodes out.
void Connections::make_room() {
  size_t strangers = 0;
  Connection* oldest = nullptr;
  for (auto& [id, c] : connections_) {
    if (c.dialed || c.admitted || !c.why.empty()) continue;
    ++strangers;
    if (oldest == nullptr || (oldest->proven && !c.proven)) oldest = &c;
  }
  if (strangers >= kMaxStrangers) shut(*oldest, "it gave way to others");
}

Connections::Connection* Connections::dialed(int socket, std::string host, uint16_t port,
                                             std::vector<std::string> wanted) {
  const std::lock_guard lock(mutex_);
  if (closing_) return nullptr;
  Connection& made = connections_[next_id_];
  made.socket = socket;
  made.dialed = true;
  made.host = std::move(host);
  made.port = port;
  made.wanted = std::move(wanted);
  return add(made);
}

Connections::Connection* Connections::add(Connection& made) {
  made.id = next_id_++;
  made.opened_ns = clock_.monotonic_ns();
  made.heard_ns = made.opened_ns;
  return &made;
}

void Connections::named(Connection& connection, std::vector<std::string> names) {
  const std::lock_guard lock(mutex_);
  connection.names = std::move(names);
}

void Connections::failed(Connection& connection, const std::string& why) {
  const std::lock_guard lock(mutex_);
  if (!connection.why.empty()) return;
  connection.why = why;
  if (connection.dialed || connection.admitted) return;
  if (!limit_.pass(connection.host + " " + why, clock_.monotonic_ns())) return;
  log_warn("refused a connection to the cluster port", {{"from", connection.host}, {"why", why}});
}

void Connections::ended(Connection& connection, const std::string& why) {
  const std::lock_guard lock(mutex_);
  if (connection.why.empty()) connection.why = why;
}

void Connections::closed(Connection& connection) {
  const std::lock_guard lock(mutex_);
  connection.socket = -1;
  if (!connection.dialed || connection.forgotten) connections_.erase(connection.id);
}

std::optional<Connections::Stranger> Connections::accepted_from(const std::string& host, uint16_t port) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [id, c] : connections_) {
    if (!c.dialed && c.socket >= 0 && c.port == port && c.host == host) return Stranger{id, c.names};
  }
  return std::nullopt;
}

void Connections::admit(uint64_t id) {
  const std::lock_guard lock(mutex_);
  if (const auto found = connections_.find(id); found != connections_.end()) found->second.admitted = true;
}

std::optional<int64_t> Connections::heard_ns(uint64_t id) const {
  const std::lock_guard lock(mutex_);
  const auto found = connections_.find(id);
  if (found == connections_.end() || found->second.socket < 0) return std::nullopt;
  return found->second.heard_ns.load(std::memory_order_relaxed);
}

std::string Connections::why(uint64_t id) const {
  const std::lock_guard lock(mutex_);
  const auto found = connections_.find(id);
  return found == connections_.end() ? std::string() : found->second.why;
}

void Connections::shut(Connection& connection, const std::string& why) {
  if (connection.why.empty()) connection.why = why;
  // The thread that owns the socket sees its end and lets go of it.
  if (connection.socket >= 0) ::shutdown(connection.socket, SHUT_RDWR);
}

void Connections::close(uint64_t id, const std::string& why) {
  const std::lock_guard lock(mutex_);
  if (const auto found = connections_.find(id); found != connections_.end()) shut(found->second, why);
}

void Connections::forget(uint64_t id) {
  const std::lock_guard lock(mutex_);
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  if (found->second.socket < 0)
    connections_.erase(found);
  else
    found->second.forgotten = true;
}

void Connections::reap() {
  const std::lock_guard lock(mutex_);
  const int64_t now = clock_.monotonic_ns();
  for (auto& [id, c] : connections_) {
    if (c.dialed || c.admitted || !c.why.empty()) continue;
    const bool late = now - c.opened_ns > (c.proven ? kAdmittedWithinNs : kProvenWithinNs);
    if (!late) continue;
    const char* why = c.proven ? "it did not say who it is" : "it sent no handshake in 3 s";
    if (limit_.pass(c.host + " " + why, now))
      log_warn("refused a connection to the cluster port", {{"from", c.host}, {"why", why}});
    shut(c, why);
  }
}

void Connections::close_all() {
  const std::lock_guard lock(mutex_);
  closing_ = true;
  for (auto& [id, c] : connections_) shut(c, "this node is closing");
}

size_t Connections::open() const {
  const std::lock_guard lock(mutex_);
  size_t open = 0;
  for (const auto& [id, c] : connections_) open += c.socket >= 0;
  return open;
}

}  // namespace stoa
