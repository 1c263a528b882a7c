#include "cluster/transport/node_actor.hpp"

#include "base/id.hpp"

namespace stoa {
namespace {

std::string random_name(Random& random) { return Uuid{random.u64(), random.u64()}.hex(); }

}  // namespace

NodeActor::NodeActor(caf::actor_config& config, caf::intrusive_ptr<NodeSeat> seat, NodeParts parts)
    : Inspected(config, seat->unit, seat->probe),
      seat_(std::move(seat)),
      parts_(std::move(parts)),
      incarnation_(random_name(parts_.random)) {
  alive_ = std::make_shared<bool>(true);
}

NodeActor::behavior_type NodeActor::make_behavior() {
  set_default_handler(caf::drop);         // in silence: a stranger may send anything
  set_error_handler([](caf::error&) {});  // would end it
  set_down_handler([this](caf::down_msg& down) {
    name_message("down");
    went_down(down);
  });
  last_tick_ns_ = now_ns();
  send(caf::actor_cast<NodeApi>(this), NodeTick{});
  return {
      [this](const Greeting& greeting) -> caf::result<Welcome> {
        name_message("greeting");
        return greeted(greeting);
      },
      [this](const Heartbeat& beat) {
        name_message("heartbeat");
        beaten(beat);
      },
      [this](Parcel& parcel) {
        name_message("parcel");
        arrived(parcel);
      },
      [this](const Acknowledgement& message) {
        name_message("acknowledgement");
        acknowledged(message);
      },
      [this](const NodeTick& tick) {
        name_message("tick");
        ticked(tick);
      },
  };
}

void NodeActor::on_exit() {
  STOA_CHECK(closed_, "a node actor ended that was not closed: " + system().render(fail_state()));
  alive_.reset();
  resolver_.reset();
  peers_.clear();
  // What CAF's broker is told last it keeps, and with that whoever sent it: each would keep the other.
  parts_.broker = nullptr;
}

caf::invoke_message_result NodeActor::consume(caf::mailbox_element& what) noexcept {
  if (!closed_ && what.content().match_elements<caf::exit_msg>()) {
    seat_->probe.done("exit", probe_clock_ns());
    return caf::invoke_message_result::dropped;
  }
  return Inspected::consume(what);
}

bool NodeActor::send_parcel(const std::string& node, std::string parcel) {
  STOA_CHECK(parcel.size() <= Transport::kMaxParcelBytes, "a parcel's sender keeps to its bound");
  const auto found = peers_.find(node);
  if (closed_ || found == peers_.end() || found->second.state != State::kConnected) return false;
  PeerLink& peer = found->second;
  const uint64_t number = peer.under_way.take(parcel.size());
  if (number == 0) return false;
  send(peer.actor, Parcel{peer.link, number, std::move(parcel)});
  return true;
}

std::vector<PeerStatus> NodeActor::peers() const {
  std::vector<PeerStatus> all;
  for (const auto& [node, peer] : peers_) {
    if (peer.wanted) all.push_back(peer.status());
  }
  return all;
}

void NodeActor::set_peers(std::vector<PeerAddress> peers) {
  if (closed_) return;
  for (auto& [node, peer] : peers_) peer.wanted = false;
  for (PeerAddress& address : peers) {
    if (address.node == parts_.options.node) continue;
    auto [found, added] = peers_.try_emplace(address.node);
    if (added) found->second.since = parts_.clock.now();
    found->second.address = std::move(address);
    found->second.wanted = true;
  }
  send(caf::actor_cast<NodeApi>(this), NodeTick{false});
}

void NodeActor::close() {
  if (closed_) return;
  closed_ = true;
  parts_.connections->close_all();
  caf::anon_send(parts_.broker, caf::close_atom_v, parts_.options.listen_port);
  caf::anon_send_exit(caf::actor_cast<NodeApi>(this), caf::exit_reason::user_shutdown);
}

void NodeActor::ticked(const NodeTick& tick) {
  if (closed_ || current_sender() != ctrl()) return;
  const int64_t now = now_ns();
  // Whoever was held up himself has not heard anybody, and knows nothing of who is silent.
  const bool late = now - last_tick_ns_ > 2 * kTickMs * 1'000'000;
  last_tick_ns_ = now;
  parts_.connections->reap();
  std::vector<std::string> names;
  for (const auto& [node, peer] : peers_) names.push_back(node);
  for (const std::string& node : names) {
    // The port may have changed them meanwhile, or closed everything.
    if (const auto found = peers_.find(node); found != peers_.end() && !closed_) step(found->second, late);
  }
  if (tick.again && !closed_) {
    delayed_send(caf::actor_cast<NodeApi>(this), std::chrono::milliseconds(kTickMs), NodeTick{});
  }
}

void NodeActor::beaten(const Heartbeat& beat) {
  PeerLink* peer = sender_on(beat.link);
  if (peer == nullptr) return;
  peer->last_stamp_ns = beat.stamp_ns;
  peer->last_stamp_at_ns = now_ns();
  if (beat.echo_ns == 0) return;
  peer->compare_clocks(Time{beat.wall_ms}, parts_.clock.now(), now_ns() - beat.echo_ns - beat.held_ns);
}

void NodeActor::arrived(Parcel& parcel) {
  PeerLink* peer = sender_on(parcel.link);
  if (peer == nullptr) return;
  if (parcel.number != peer->received + 1) return lost(*peer, "a parcel is missing");
  const std::string node = peer->address.node;
  const uint64_t link = parcel.link;
  ++peer->received;
  peer->unacknowledged_bytes += parcel.bytes.size();
  parts_.port.received(node, std::move(parcel.bytes));
  // The port may have closed everything, or left it out.
  peer = sender_on(link);
  if (peer != nullptr && peer->unacknowledged_bytes >= kAcknowledgeBytes) acknowledge(*peer);
}

void NodeActor::acknowledged(const Acknowledgement& message) {
  if (PeerLink* peer = sender_on(message.link)) peer->under_way.acknowledged(message.number);
}

void NodeActor::acknowledge(PeerLink& peer) {
  if (peer.acknowledged == peer.received) return;
  peer.acknowledged = peer.received;
  peer.unacknowledged_bytes = 0;
  send(peer.actor, Acknowledgement{peer.link, peer.received});
}

void NodeActor::beat(PeerLink& peer) {
  const int64_t now = now_ns();
  const int64_t held = peer.last_stamp_ns == 0 ? 0 : now - peer.last_stamp_at_ns;
  send(peer.actor, Heartbeat{peer.link, parts_.clock.now().ms, now, peer.last_stamp_ns, held});
}

PeerLink* NodeActor::at(const std::string& node, uint64_t connection) {
  const auto found = peers_.find(node);
  if (closed_ || found == peers_.end() || found->second.connection != connection) return nullptr;
  return &found->second;
}

PeerLink* NodeActor::sender_on(uint64_t link) {
  for (auto& [node, peer] : peers_) {
    if (!closed_ && peer.state == State::kConnected && peer.link == link && peer.actor == current_sender())
      return &peer;
  }
  return nullptr;
}

Hello NodeActor::hello() const {
  const TransportOptions& options = parts_.options;
  Hello said;
  said.cluster = options.cluster;
  said.node = options.node;
  said.protocol = options.protocol;
  said.version = options.version;
  said.incarnation = incarnation_;
  said.facts = options.facts();
  said.sent_at = parts_.clock.now();
  return said;
}

}  // namespace stoa
