// How the node actor comes by its connections and loses them.
#include <caf/io/basp_broker.hpp>
#include <caf/io/middleman.hpp>

#include "base/log.hpp"
#include "cluster/transport/greeting.hpp"
#include "cluster/transport/node_actor.hpp"
#include "cluster/transport/node_sockets.hpp"

namespace stoa {
namespace {

constexpr int64_t kNsPerMs = 1'000'000;

std::string in_seconds(int64_t ms) { return std::to_string(ms / 1000) + " s"; }

}  // namespace

// ---- dialing ----

void NodeActor::seek(PeerLink& peer) {
  peer.due_ns = now_ns() + kConnectMs * kNsPerMs;
  const PeerAddress& to = peer.address;
  if (const auto address = numeric_address(to.host, to.port)) return call(peer, *address);
  peer.state = State::kResolving;
  // A look-up that outlasts our patience goes on, and is joined by the next try.
  resolver_->look_up(to.host, to.port, [this, node = to.node, alive = std::weak_ptr(alive_)](auto address) {
    parts_.loop.post([this, node, alive, address = std::move(address)] {
      if (alive.expired() || closed_) return;
      const auto found = peers_.find(node);
      if (found == peers_.end() || found->second.state != State::kResolving) return;
      if (address) return call(found->second, *address);
      failed(found->second, address.error().what, Backoff::kUnreachableMs);
      settle(found->second);
    });
  });
}

void NodeActor::call(PeerLink& peer, const SocketAddress& address) {
  auto dialed = dial(parts_.multiplexer, parts_.connections, address, {peer.address.node, peer.address.host});
  if (!dialed) {
    failed(peer, dialed.error().what, Backoff::kUnreachableMs);
    return settle(peer);
  }
  peer.state = State::kDialing;
  peer.connection = dialed->connection;
  const std::string node = peer.address.node;
  const uint64_t connection = peer.connection;
  request(parts_.broker, caf::infinite, caf::connect_atom_v, std::move(dialed->scribe), peer.address.port)
      .then(
          [this, node, connection](const caf::node_id&, caf::strong_actor_ptr& actor, const std::set<std::string>&) {
            PeerLink* found = at(node, connection);
            if (found != nullptr && found->state == State::kDialing) reached(*found, std::move(actor));
          },
          [this, node, connection](const caf::error&) {
            PeerLink* found = at(node, connection);
            if (found == nullptr) return;
            if (found->state == State::kDialing) {
              failed(*found, why_of(*found), Backoff::kUnreachableMs);
            }
            settle(*found);
          });
}

void NodeActor::reached(PeerLink& peer, caf::strong_actor_ptr actor) {
  if (!actor) return failed(peer, "it has no node actor", Backoff::kRefusedMs);
  if (actor->node() == system().node())
    return failed(peer, "its address is that of " + parts_.options.node, Backoff::kRefusedMs);
  peer.state = State::kGreeting;
  peer.actor = caf::actor_cast<NodeApi>(actor);
  monitor(peer.actor);
  peer.fresh(parts_.random.u64());
  const std::string node = peer.address.node;
  const uint64_t connection = peer.connection;
  const int64_t asked_ns = now_ns();
  request(peer.actor, caf::infinite, Greeting{encode(hello()), node, peer.link})
      .then(
          [this, node, connection, asked_ns](const Welcome& welcome) {
            PeerLink* found = at(node, connection);
            if (found != nullptr && found->state == State::kGreeting) welcomed(*found, welcome, asked_ns);
          },
          [this, node, connection](const caf::error& error) {
            PeerLink* found = at(node, connection);
            if (found == nullptr || found->state != State::kGreeting) return;
            failed(*found, "it does not answer: " + system().render(error), Backoff::kUnreachableMs);
          });
}

void NodeActor::welcomed(PeerLink& peer, const Welcome& welcome, int64_t asked_ns) {
  if (!welcome.refusal.empty()) return failed(peer, "refused: " + welcome.refusal, Backoff::kRefusedMs);
  auto answer = decode<Hello>(welcome.hello);
  if (!answer || answer->node != peer.address.node)
    return failed(peer, "it answers under another name", Backoff::kRefusedMs);
  peer.compare_clocks(answer->sent_at, parts_.clock.now(), now_ns() - asked_ns);
  up(peer, std::move(*answer));
}

// ---- being dialed ----

caf::result<Welcome> NodeActor::greeted(const Greeting& greeting) {
  const caf::strong_actor_ptr actor = current_sender();  // the promise takes it
  auto promise = make_response_promise<Welcome>();
  auto said = decode<Hello>(greeting.hello);
  if (closed_ || !said || !actor || actor->node() == system().node()) {
    promise.deliver(Welcome{encode(hello()), "this is no greeting"});
    return promise;
  }
  // Which connection it came over, and whose certificate that showed, CAF's broker knows.
  request(parts_.broker, caf::infinite, caf::get_atom_v, actor->node())
      .then(
          [this, promise, actor, said = std::move(*said), greeting](const caf::node_id&, const std::string& host,
                                                                    uint16_t port) mutable {
            if (closed_) {
              promise.deliver(Welcome{encode(hello()), "it is closing"});
              return;
            }
            Welcome welcome = judge(actor, said, greeting, host, port);
            const bool welcomes = welcome.refusal.empty();
            // The answer goes before what the port may send, and nothing that it brings on is handled before this is.
            promise.deliver(std::move(welcome));
            if (!welcomes) return;
            PeerLink& peer = peers_.at(said.node);
            up(peer, std::move(said));
          },
          [this, promise](const caf::error& error) mutable {
            promise.deliver(Welcome{encode(hello()), system().render(error)});
          });
  return promise;
}

Welcome NodeActor::judge(const caf::strong_actor_ptr& actor, const Hello& said, const Greeting& greeting,
                         const std::string& host, uint16_t port) {
  const Connections::Stranger from = parts_.connections->accepted_from(host, port).value_or(Connections::Stranger{});
  const auto found = peers_.find(said.node);
  PeerLink* peer = found != peers_.end() && found->second.wanted ? &found->second : nullptr;
  Doorkeeper keeper;
  keeper.cluster = parts_.options.cluster;
  keeper.node = parts_.options.node;
  keeper.protocol = parts_.options.protocol;
  keeper.secured = parts_.connections->tls() != nullptr;
  keeper.certificate = from.names;
  if (peer != nullptr) {
    keeper.member = true;
    keeper.host = peer->address.host;
    if (peer->state != State::kWaiting) keeper.connected_incarnation = peer->hello.incarnation + "+";
    if (peer->state == State::kConnected) {
      keeper.connected_incarnation = peer->hello.incarnation;
      const int64_t heard = parts_.connections->heard_ns(peer->connection).value_or(0);
      keeper.connected_is_alive = now_ns() - heard < kSilentMs * kNsPerMs;
    }
  }
  std::optional<std::string> refusal = refusal_of(said, greeting.to, keeper);
  if (!refusal && from.id == 0) refusal = "the connection is gone";
  if (refusal) {
    if (limit_.pass(said.node + *refusal, now_ns()))
      log_warn("refused a node", {{"node", said.node}, {"from", host}, {"why", *refusal}});
    if (peer != nullptr && peer->state != State::kConnected) peer->last_error = "was refused: " + *refusal;
    // It is back before its end was seen here.
    if (peer != nullptr && peer->state == State::kConnected && peer->hello.incarnation == said.incarnation)
      lost(*peer, "it dials again");
    return Welcome{encode(hello()), *refusal};
  }
  parts_.connections->admit(from.id);
  peer->fresh(greeting.link);
  peer->connection = from.id;
  peer->actor = caf::actor_cast<NodeApi>(actor);
  monitor(peer->actor);
  peer->state = State::kGreeting;
  peer->due_ns = now_ns() + kConnectMs * kNsPerMs;
  return Welcome{encode(hello()), ""};
}

// ---- a peer's states ----

void NodeActor::step(PeerLink& peer, bool late) {
  switch (peer.state) {
    case State::kWaiting:
      if (!peer.wanted)
        peers_.erase(peer.address.node);
      else if (dials(parts_.options.node, peer.address.node) && now_ns() >= peer.due_ns)
        seek(peer);
      return;
    case State::kResolving:
    case State::kDialing:
    case State::kGreeting:
      if (now_ns() >= peer.due_ns) failed(peer, "no answer in " + in_seconds(kConnectMs), Backoff::kUnreachableMs);
      return;
    case State::kConnected:
      return watch(peer, late);
    case State::kClosing:
      if (now_ns() >= peer.due_ns) settle(peer);
      return;
  }
}

void NodeActor::watch(PeerLink& peer, bool late) {
  const auto heard = parts_.connections->heard_ns(peer.connection);
  if (!peer.wanted) return lost(peer, "it is no peer any more");
  if (!heard) return lost(peer, why_of(peer));
  const int64_t silent_ms = (now_ns() - *heard) / kNsPerMs;
  if (silent_ms >= kSilentMs && !late) return lost(peer, "silent for " + std::to_string(silent_ms) + " ms");
  beat(peer);
  acknowledge(peer);
}

void NodeActor::up(PeerLink& peer, Hello said) {
  peer.state = State::kConnected;
  peer.hello = std::move(said);
  peer.since = parts_.clock.now();
  peer.last_error.clear();
  peer.backoff.reset();
  log_info("connected to a node", {{"node", peer.address.node}, {"version", peer.hello.version}});
  beat(peer);
  const std::string node = peer.address.node;
  const Hello copy = peer.hello;
  parts_.port.peer_up(node, copy);
}

void NodeActor::lost(PeerLink& peer, const std::string& why) {
  const std::string node = peer.address.node;
  log_warn("lost a node", {{"node", node}, {"why", why}});
  peer.since = parts_.clock.now();
  close_connection(peer, why, Backoff::kUnreachableMs);
  parts_.port.peer_down(node);
}

void NodeActor::failed(PeerLink& peer, const std::string& why, int64_t most_wait_ms) {
  if (limit_.pass(peer.address.node + why, now_ns()))
    log_warn("cannot connect to a node", {{"node", peer.address.node}, {"why", why}});
  close_connection(peer, why, most_wait_ms);
}

// Of one that was accepted nothing is known any more once it is closed.
std::string NodeActor::why_of(const PeerLink& peer) const {
  std::string why = parts_.connections->why(peer.connection);
  return why.empty() ? "it closed the connection" : why;
}

void NodeActor::close_connection(PeerLink& peer, const std::string& why, int64_t most_wait_ms) {
  peer.last_error = why;
  peer.retry_ns = now_ns() + peer.backoff.next_ms(most_wait_ms, parts_.random) * kNsPerMs;
  peer.state = State::kClosing;
  peer.due_ns = now_ns() + kCloseMs * kNsPerMs;
  parts_.connections->close(peer.connection, why);
}

void NodeActor::went_down(const caf::down_msg& down) {
  if (closed_) return;  // it was this node that closed, and the port is not told any more
  for (auto& [node, peer] : peers_) {
    if (!peer.actor || peer.actor.address() != down.source) continue;
    const std::string why = why_of(peer);
    if (peer.state == State::kConnected) lost(peer, why);
    if (peer.state == State::kGreeting) failed(peer, why, Backoff::kUnreachableMs);
    return settle(peer);
  }
}

void NodeActor::settle(PeerLink& peer) {
  if (peer.actor) demonitor(peer.actor.address());
  parts_.connections->forget(peer.connection);
  peer.cleared();
  peer.state = State::kWaiting;
  peer.due_ns = peer.retry_ns;
}

}  // namespace stoa
