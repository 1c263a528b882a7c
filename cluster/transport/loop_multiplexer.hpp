// CAF's middleman on a loop: its broker of remote messages runs there, beside the actors that it serves, instead of on
// a thread of its own, so that a message between nodes wakes one thread at each end. Sockets are made by
// node_sockets.hpp alone; what CAF itself would open is refused.
#pragma once

#include <caf/actor_system_config.hpp>
#include <caf/io/network/multiplexer.hpp>
#include <mutex>
#include <vector>

#include "cluster/loop.hpp"

namespace stoa {

class LoopMultiplexer final : public caf::io::network::multiplexer {
 public:
  // Both outlive it.
  LoopMultiplexer(caf::actor_system& system, Loop& loop) : multiplexer(&system), loop_(loop) {}
  ~LoopMultiplexer() override;

  // What the middleman of a system that load_middleman() was called for runs on.
  static LoopMultiplexer& of(caf::actor_system& system);

  Loop& loop() { return loop_; }

  // Any thread; takes over one reference to `job`.
  void exec_later(caf::resumable* job) override;
  // Runs what is posted. For the thread that ends the actor system, after the loop.
  bool try_run_once() override;

  // ---- what CAF may ask for and we do not use ----
  using Scribe = caf::io::scribe_ptr;
  using Doorman = caf::io::doorman_ptr;
  using Datagrams = caf::io::datagram_servant_ptr;
  using Socket = caf::io::network::native_socket;
  Scribe new_scribe(Socket) override;
  caf::expected<Scribe> new_tcp_scribe(const std::string&, uint16_t) override;
  Doorman new_doorman(Socket) override;
  caf::expected<Doorman> new_tcp_doorman(uint16_t, const char*, bool) override;
  Datagrams new_datagram_servant(Socket) override;
  Datagrams new_datagram_servant_for_endpoint(Socket, const caf::io::network::ip_endpoint&) override;
  caf::expected<Datagrams> new_remote_udp_endpoint(const std::string&, uint16_t) override;
  caf::expected<Datagrams> new_local_udp_endpoint(uint16_t, const char*, bool) override;
  supervisor_ptr make_supervisor() override { return nullptr; }
  void run_once() override {}
  void run() override {}

 private:
  // Messages handled before others on the loop have their turn.
  static constexpr size_t kMaxThroughput = 300;

  Loop& loop_;
  std::mutex mutex_;  // guards posted_
  std::vector<caf::resumable*> posted_;
};

// Gives a system that is made from `config` a middleman on `loop`, which outlives the system and has ended before it.
void load_middleman(caf::actor_system_config& config, Loop& loop);

}  // namespace stoa
