#include "tests/cluster/transport/real_node.hpp"

#include <algorithm>
#include <chrono>
#include <future>

namespace stoa::test {

RealNode::RealNode(TransportOptions options) {
  prepare_transport(config_, loop_);
  config_.set("scheduler.policy", caf::atom("sharing"));
  config_.set("scheduler.max-threads", 1u);
  config_.set("scheduler.max-throughput", 300u);
  system_ = std::make_unique<caf::actor_system>(config_);
  auto opened = open_transport(*system_, loop_, std::move(options), *this, clock_, random_, probes_);
  if (opened)
    transport_ = std::move(*opened);
  else
    error_ = opened.error().what;
  thread_ = std::thread([this] { loop_.run(); });
}

RealNode::~RealNode() {
  close();
  end();
}

void RealNode::close() {
  on_loop([this] {
    if (transport_) transport_->close();
  });
}

void RealNode::end() {
  if (!system_) return;
  system_->await_all_actors_done();
  loop_.stop();
  thread_.join();
  transport_.reset();
  system_.reset();
}

void RealNode::on_loop(const std::function<void()>& work) {
  if (!system_) return;
  std::promise<void> done;
  loop_.post([&] {
    work();
    done.set_value();
  });
  done.get_future().wait();
}

void RealNode::set_peers(std::vector<PeerAddress> peers) {
  on_loop([&] { transport_->set_peers(peers); });
}

bool RealNode::send(const std::string& node, std::string parcel) {
  bool sent = false;
  on_loop([&] { sent = transport_->send(node, std::move(parcel)); });
  return sent;
}

PeerStatus RealNode::status(const std::string& node) {
  PeerStatus found;
  on_loop([&] {
    for (const PeerStatus& peer : transport_->peers()) {
      if (peer.node == node) found = peer;
    }
  });
  return found;
}

void RealNode::tell(std::string what) {
  const std::lock_guard lock(mutex_);
  told_.push_back(std::move(what));
  changed_.notify_all();
}

void RealNode::peer_up(const std::string& node, const Hello& hello) {
  {
    const std::lock_guard lock(mutex_);
    hellos_[node] = hello;
  }
  tell("up " + node);
  if (on_up) on_up(node);
}

void RealNode::peer_down(const std::string& node) { tell("down " + node); }

void RealNode::received(const std::string& node, std::string parcel) {
  if (on_received) on_received(node, parcel);
  const std::lock_guard lock(mutex_);
  bytes_received_ += parcel.size();
  if (!record) return;
  if (parcel.size() <= 100) told_.push_back(node + ": " + parcel);
  changed_.notify_all();
}

std::vector<std::string> RealNode::told() {
  const std::lock_guard lock(mutex_);
  return told_;
}

size_t RealNode::bytes_received() {
  const std::lock_guard lock(mutex_);
  return bytes_received_;
}

Hello RealNode::hello_of(const std::string& node) {
  const std::lock_guard lock(mutex_);
  return hellos_[node];
}

bool RealNode::wait(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::milliseconds(100));
  }
  return true;
}

bool RealNode::wait_told(const std::string& what, size_t times) {
  return wait([&] {
    const std::lock_guard lock(mutex_);
    return static_cast<size_t>(std::count(told_.begin(), told_.end(), what)) >= times;
  });
}

bool RealNode::connected_to(const std::string& node) {
  return wait([&] { return status(node).connected; });
}

TransportOptions options_of(const std::string& node) {
  TransportOptions options;
  options.cluster = "test";
  options.node = node;
  options.version = "1.2.3";
  options.facts = [node] { return "facts of " + node; };
  return options;
}

PeerAddress at(const std::string& node, uint16_t port) { return {node, "127.0.0.1", port}; }

}  // namespace stoa::test
