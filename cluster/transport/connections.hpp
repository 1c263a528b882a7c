// The open connections of a node to others, as told by the thread that reads and writes them and watched by the actor
// that judges them: who is at the other end, when it was heard last, and why it ended.
//
// Any thread. A socket is closed only after closed() has returned, so that nobody shuts one that is somebody else's.
#pragma once

#include <atomic>
#include <caf/intrusive_ptr.hpp>
#include <caf/ref_counted.hpp>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "cluster/transport/log_limit.hpp"
#include "cluster/transport/tls.hpp"

namespace stoa {

class Connections final : public caf::ref_counted {
 public:
  // An accepted connection that has not sent a whole handshake by then is closed; a little less than the 3 s that are
  // promised, since somebody has to look.
  static constexpr int64_t kProvenWithinNs = 2'750'000'000;
  // So is one whose node has not been admitted by then.
  static constexpr int64_t kAdmittedWithinNs = 6'000'000'000;
  // Accepted and not admitted; for one more another is closed.
  static constexpr size_t kMaxStrangers = 128;

  struct Connection {
    uint64_t id = 0;
    int socket = -1;
    bool dialed = false;
    std::string host;  // the other end, as text
    uint16_t port = 0;
    std::vector<std::string> wanted;  // dialed: its certificate must hold one of these
    int64_t opened_ns = 0;
    std::atomic<int64_t> heard_ns{0};
    std::atomic<bool> proven{false};
    std::atomic<bool> admitted{false};
    // Guarded by the owner's mutex:
    bool forgotten = false;
    std::vector<std::string> names;  // in its certificate
    std::string why;                 // why it ended or must end
  };

  // The clock outlives all connections. Without a TLS context everything is sent in the clear.
  Connections(const Clock& clock, std::optional<TlsContext> tls) : clock_(clock), tls_(std::move(tls)) {}

  const TlsContext* tls() const { return tls_ ? &*tls_ : nullptr; }

  // ---- told by the thread that owns the socket ----

  // nullptr: all is being closed.
  Connection* accepted(int socket, std::string host, uint16_t port);
  Connection* dialed(int socket, std::string host, uint16_t port, std::vector<std::string> wanted);
  void heard(Connection& connection) { connection.heard_ns.store(clock_.monotonic_ns(), std::memory_order_relaxed); }
  void named(Connection& connection, std::vector<std::string> names);
  // Says why it will end; the first word counts. Logs it for an accepted one, whose other end has no name yet.
  void failed(Connection& connection, const std::string& why);
  // The same, of what is nobody's fault.
  void ended(Connection& connection, const std::string& why);
  // The reference is gone afterwards.
  void closed(Connection& connection);

  // ---- asked by the actor ----

  struct Stranger {
    uint64_t id = 0;
    std::vector<std::string> names;
  };
  std::optional<Stranger> accepted_from(const std::string& host, uint16_t port) const;
  void admit(uint64_t id);
  // nullopt: it is closed.
  std::optional<int64_t> heard_ns(uint64_t id) const;
  std::string why(uint64_t id) const;
  // Makes it end, also when the other end does not answer.
  void close(uint64_t id, const std::string& why);
  // What a dialed connection leaves behind is kept until then.
  void forget(uint64_t id);
  // Closes what has not proven itself in time.
  void reap();
  // And takes no new ones.
  void close_all();
  size_t open() const;

 private:
  using Map = std::map<uint64_t, Connection>;
  Connection* add(Connection& made);
  void make_room();
  void shut(Connection& connection, const std::string& why);

  const Clock& clock_;
  const std::optional<TlsContext> tls_;
  mutable std::mutex mutex_;  // guards all below, and every socket's being open
  Map connections_;
  uint64_t next_id_ = 1;
  bool closing_ = false;
  LogLimit limit_;
};

using ConnectionsPtr = caf::intrusive_ptr<Connections>;

}  // namespace stoa
