// A node with a real transport on a loop and a thread of its own, which keeps what its port is told.
#pragma once

#include <caf/all.hpp>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "cluster/loop.hpp"
#include "cluster/probe.hpp"
#include "cluster/transport/open_transport.hpp"

namespace stoa::test {

class RealNode final : public TransportPort {
 public:
  explicit RealNode(TransportOptions options);
  // Closes it and waits for its end.
  ~RealNode() override;

  uint16_t port() const { return transport_ ? transport_->port() : 0; }
  const std::string& error() const { return error_; }  // why it could not be opened
  Transport& transport() { return *transport_; }       // on the loop
  Loop& loop() { return loop_; }

  void set_peers(std::vector<PeerAddress> peers);
  bool send(const std::string& node, std::string parcel);
  PeerStatus status(const std::string& node);
  // Runs it on the loop and waits for it.
  void on_loop(const std::function<void()>& work);
  void close();
  // After close(): returns once the actor system is gone, too.
  void end();

  // What the port was told: "up n2", "down n2", "n2: text" for parcels up to 100 bytes.
  std::vector<std::string> told();
  size_t bytes_received();
  Hello hello_of(const std::string& node);
  // Waits until it holds, at most 20 s; looks when something happens here, and ten times a second.
  bool wait(const std::function<bool()>& condition);
  bool wait_told(const std::string& what, size_t times = 1);
  bool connected_to(const std::string& node);

  // On the loop, for each parcel; default: nothing.
  std::function<void(const std::string& node, const std::string& parcel)> on_received;
  // On the loop, when a peer is up.
  std::function<void(const std::string& node)> on_up;
  bool record = true;

 private:
  void peer_up(const std::string& node, const Hello& hello) override;
  void peer_down(const std::string& node) override;
  void received(const std::string& node, std::string parcel) override;
  void tell(std::string what);

  SystemClock clock_;
  SystemRandom random_;
  ProbeRegistry probes_;
  Loop loop_;
  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  std::unique_ptr<NodeTransport> transport_;
  std::string error_;
  std::thread thread_;

  std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  std::vector<std::string> told_;
  std::map<std::string, Hello> hellos_;
  size_t bytes_received_ = 0;
};

// A node by that name of the cluster "test" on a free port of 127.0.0.1.
TransportOptions options_of(const std::string& node);
PeerAddress at(const std::string& node, uint16_t port);

}  // namespace stoa::test
