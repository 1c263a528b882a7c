#include "cluster/transport/memory_network.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace stoa {

class MemoryNetwork::End final : public Transport {
 public:
  End(MemoryNetwork& network, Hello said, TransportPort& port, std::function<std::string()> facts)
      : network_(network), hello_(std::move(said)), port_(port), facts_(std::move(facts)) {}
  ~End() override { close(); }

  bool send(const std::string& node, std::string parcel) override;
  std::vector<PeerStatus> peers() const override;
  void set_peers(std::vector<PeerAddress> peers) override;
  void close() override;

  MemoryNetwork& network_;
  Hello hello() const {
    Hello said = hello_;
    if (facts_) said.facts = facts_();
    return said;
  }

  const Hello hello_;
  TransportPort& port_;
  const std::function<std::string()> facts_;
  std::set<std::string> peers_;
  bool closed_ = false;
};

MemoryNetwork::MemoryNetwork(Options options) : options_(options), random_(options.seed), now_ms_(options.begin_ms) {}
MemoryNetwork::~MemoryNetwork() { STOA_CHECK(ends_.empty(), "the network outlives its nodes"); }

std::unique_ptr<Transport> MemoryNetwork::open(Hello hello, TransportPort& port, std::function<std::string()> facts) {
  const std::string node = hello.node;
  auto end = std::make_unique<End>(*this, std::move(hello), port, std::move(facts));
  STOA_CHECK(ends_.emplace(node, end.get()).second, "one live end for each name");
  ++lives_[node];
  return end;
}

// ---- time ----

void MemoryNetwork::at(int64_t ms, std::function<void()> what) {
  events_.emplace(std::pair(ms, events_begun_++), std::move(what));
}

std::optional<int64_t> MemoryNetwork::next_ms() const {
  if (events_.empty()) return std::nullopt;
  return events_.begin()->first.first;
}

bool MemoryNetwork::step() {
  if (events_.empty()) return false;
  now_ms_ = std::max(now_ms_, events_.begin()->first.first);
  const auto what = std::move(events_.begin()->second);
  events_.erase(events_.begin());
  what();
  return true;
}

void MemoryNetwork::advance_to(int64_t ms) {
  while (!events_.empty() && events_.begin()->first.first <= ms) step();
  now_ms_ = std::max(now_ms_, ms);
}

int64_t MemoryNetwork::delay() {
  const auto spread = static_cast<uint64_t>(options_.most_delay_ms - options_.least_delay_ms);
  return options_.least_delay_ms + static_cast<int64_t>(random_.below(spread + 1));
}

// ---- what is under way ----

void MemoryNetwork::deliver(const Direction& way, std::function<void()> what) {
  Way& w = ways_[way];
  w.last_ms = std::max(w.last_ms, now_ms_ + delay());
  at(w.last_ms, [this, way, connection = pair(way.first, way.second).connection, what = std::move(what)]() mutable {
    arrive(way, connection, std::move(what));
  });
}

void MemoryNetwork::arrive(const Direction& way, uint64_t connection, std::function<void()> what) {
  if (pair(way.first, way.second).connection != connection) return;
  Way& w = ways_[way];
  if (cuts_.count(way) != 0 || !w.held.empty())
    w.held.push_back(std::move(what));
  else
    what();
}

void MemoryNetwork::cut(const std::string& from, const std::string& to) {
  if (!cuts_.emplace(Direction(from, to), ++cuts_made_).second) return;
  watch(to, from);
}

void MemoryNetwork::heal(const std::string& from, const std::string& to) {
  const Direction way(from, to);
  if (cuts_.erase(way) == 0) return;
  auto held = std::move(ways_[way].held);
  ways_[way].held.clear();
  for (auto& what : held) deliver(way, std::move(what));
}

void MemoryNetwork::disconnect(const std::string& a, const std::string& b) {
  if (!ways_[{a, b}].up && !ways_[{b, a}].up) return;
  ++pair(a, b).connection;
  for (const auto& [node, peer] : {Direction(a, b), Direction(b, a)}) {
    at(now_ms_, [this, node = node, peer = peer] { down(node, peer, "it closed the connection"); });
  }
}

// After a while in which the peer could not be heard.
void MemoryNetwork::watch(const std::string& node, const std::string& silent_peer) {
  const auto cut = cuts_.find({silent_peer, node});
  const int64_t until = now_ms_ + options_.silent_ms +
                        static_cast<int64_t>(random_.below(static_cast<uint64_t>(options_.silent_ms / 5 + 1)));
  const uint64_t connection = pair(node, silent_peer).connection;
  at(until, [this, node, silent_peer, connection, number = cut == cuts_.end() ? 0 : cut->second] {
    const auto still = cuts_.find({silent_peer, node});
    const bool silent = ends_.count(silent_peer) == 0 || (still != cuts_.end() && still->second == number);
    if (silent && pair(node, silent_peer).connection == connection) down(node, silent_peer, "silent for a second");
  });
}

// ---- connections ----

bool MemoryNetwork::named(const std::string& node, const std::string& peer) const {
  const auto found = ends_.find(node);
  return found != ends_.end() && found->second->peers_.count(peer) != 0;
}

void MemoryNetwork::seek(const std::string& a, const std::string& b) {
  Pair& p = pair(a, b);
  if (p.seeking || !named(a, b) || !named(b, a)) return;
  p.seeking = true;
  const int64_t wait =
      options_.retry_ms + static_cast<int64_t>(random_.below(static_cast<uint64_t>(2 * options_.retry_ms + 1)));
  at(now_ms_ + wait, [this, a, b] { connect(a, b); });
}

void MemoryNetwork::connect(const std::string& a, const std::string& b) {
  Pair& p = pair(a, b);
  p.seeking = false;
  if (!named(a, b) || !named(b, a)) return;
  const bool lingers = ways_[{a, b}].up || ways_[{b, a}].up;  // one has not noticed yet
  if (lingers || cuts_.count({a, b}) != 0 || cuts_.count({b, a}) != 0) return seek(a, b);
  ++p.connection;
  for (const Direction& way : {Direction(a, b), Direction(b, a)}) ways_[way].held.clear();
  const auto [dialing, dialed] = std::minmax(a, b);
  // Of these ends alone, not of those that come after them under their names.
  const auto alive = [this, a, b, lives = std::pair(lives_[a], lives_[b])] {
    return std::pair(lives_[a], lives_[b]) == lives && ends_.count(a) != 0 && ends_.count(b) != 0;
  };
  deliver({dialing, dialed}, [this, dialing = dialing, dialed = dialed, alive] {
    if (alive()) up(dialed, dialing);
    deliver({dialed, dialing}, [this, dialing, dialed, alive] {
      if (alive() && ways_[{dialed, dialing}].up) up(dialing, dialed);  // else it has given up meanwhile
    });
  });
  // A cut in the midst of it.
  at(now_ms_ + options_.silent_ms, [this, a, b, connection = p.connection] {
    if (pair(a, b).connection == connection && !ways_[{a, b}].up && !ways_[{b, a}].up) seek(a, b);
  });
}

void MemoryNetwork::up(const std::string& node, const std::string& peer) {
  if (!named(node, peer) || ends_.count(peer) == 0) return;
  Way& way = ways_[{node, peer}];
  way.up = true;
  way.under_way = 0;
  way.since = Time{now_ms_};
  way.last_error.clear();
  if (cuts_.count({peer, node}) != 0) watch(node, peer);
  ends_.at(node)->port_.peer_up(peer, ends_.at(peer)->hello());
}

// The other end hears that this one has gone, or nothing any more.
void MemoryNetwork::part(const std::string& node, const std::string& peer) {
  if (!ways_[{peer, node}].up) return;
  deliver({node, peer}, [this, node, peer] { down(peer, node, "it closed the connection"); });
  watch(peer, node);
}

void MemoryNetwork::down(const std::string& node, const std::string& peer, const std::string& why) {
  Way& way = ways_[{node, peer}];
  if (!way.up) return;
  way.up = false;
  way.under_way = 0;
  way.since = Time{now_ms_};
  way.last_error = why;
  part(node, peer);
  seek(node, peer);
  const auto end = ends_.find(node);
  if (end != ends_.end()) end->second->port_.peer_down(peer);
}

// ---- a node's end ----

bool MemoryNetwork::End::send(const std::string& node, std::string parcel) {
  STOA_CHECK(parcel.size() <= kMaxParcelBytes, "a parcel's sender keeps to its bound");
  const Direction direction(hello_.node, node);
  Way& way = network_.ways_[direction];
  if (closed_ || !way.up || way.under_way + parcel.size() > kMaxBytesUnderWay) return false;
  way.under_way += parcel.size();
  network_.deliver(direction, [&network = network_, direction, parcel = std::move(parcel)]() mutable {
    const auto& [from, to] = direction;
    Way& sent = network.ways_[direction];
    sent.under_way -= std::min(sent.under_way, parcel.size());
    if (network.ways_[{to, from}].up) network.ends_.at(to)->port_.received(from, std::move(parcel));
  });
  return true;
}

std::vector<PeerStatus> MemoryNetwork::End::peers() const {
  std::vector<PeerStatus> all;
  for (const std::string& peer : peers_) {
    const Way& way = network_.ways_[{hello_.node, peer}];
    PeerStatus status;
    status.node = peer;
    status.connected = way.up;
    status.since = way.since;
    status.last_error = way.last_error;
    status.bytes_under_way = way.under_way;
    all.push_back(std::move(status));
  }
  return all;
}

void MemoryNetwork::End::set_peers(std::vector<PeerAddress> peers) {
  if (closed_) return;
  std::set<std::string> before = std::exchange(peers_, {});
  for (const PeerAddress& peer : peers) {
    if (peer.node == hello_.node) continue;
    peers_.insert(peer.node);
    before.erase(peer.node);
    network_.seek(hello_.node, peer.node);
  }
  for (const std::string& gone : before) {
    network_.at(network_.now_ms_, [&network = network_, node = hello_.node, gone] {
      if (!network.named(node, gone)) network.down(node, gone, "it is no peer any more");
    });
  }
}

void MemoryNetwork::End::close() {
  if (std::exchange(closed_, true)) return;
  network_.ends_.erase(hello_.node);
  for (const std::string& peer : peers_) {
    if (network_.ways_[{hello_.node, peer}].up)
      network_.down(hello_.node, peer, "this node is closed");
    else
      network_.part(hello_.node, peer);  // it may believe in a connection that this one has not heard of yet
  }
}

}  // namespace stoa
