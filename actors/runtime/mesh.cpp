#include "actors/runtime/mesh.hpp"

#include <algorithm>

#include "base/log.hpp"

namespace stoa {

Mesh::Mesh(Loop& loop, const Clock& clock, std::string own_node)
    : loop_(loop), clock_(clock), leaders_(std::move(own_node)) {
  loop_.each_end([this] { flush(); });
}

Mesh::Peer& Mesh::noted(const std::string& node) {
  Peer& peer = peers_[node];
  peer.waiting = true;
  loop_.arm();
  return peer;
}

void Mesh::raft(const std::string& node, RaftItem item) {
  if (up(node)) noted(node).parcel.raft.push_back(std::move(item));
}

void Mesh::note(const std::string& node, std::string topic, std::string text) {
  if (connected(node)) noted(node).parcel.notes.push_back({std::move(topic), std::move(text)});
}

void Mesh::answer_later(OnReply on_reply, Reply reply) {
  loop_.post([on_reply = std::move(on_reply), reply = std::move(reply)]() mutable { on_reply(std::move(reply)); });
}

void Mesh::request(const std::string& node, GroupId group, const Call& call, const AnyCommand& command,
                   OnReply on_reply) {
  if (!up(node)) return answer_later(std::move(on_reply), runtime_reply(kNotLeader, ""));
  Peer& peer = noted(node);
  const uint64_t id = next_id_++;
  const int64_t left_ms = std::max<int64_t>(1, call.deadline.ms - clock_.now().ms);
  peer.parcel.requests.push_back({id, group.value(), call, left_ms, std::string(command.name()), command.encoded()});
  peer.asked.emplace(id, std::move(on_reply));
}

std::set<std::string> Mesh::nodes_up() const {
  std::set<std::string> out;
  for (const auto& [name, peer] : peers_) {
    if (peer.up) out.insert(name);
  }
  return out;
}

void Mesh::flush() {
  for (auto& [node, peer] : peers_) {
    if (!peer.waiting) continue;
    peer.waiting = false;
    const Parcel parcel = std::exchange(peer.parcel, {});
    bool sent = transport_ != nullptr && peer.connected;
    for (std::string& piece : cut_parcel(encode_parcel(parcel), Transport::kMaxParcelBytes)) {
      sent = sent && transport_->send(node, std::move(piece));
    }
    if (!sent) not_sent(peer, parcel);
  }
}

// Consensus repeats what was lost, and so does the router once it knows.
void Mesh::not_sent(Peer& peer, const Parcel& parcel) {
  for (const RequestItem& item : parcel.requests) {
    const auto asked = peer.asked.find(item.id);
    if (asked == peer.asked.end()) continue;
    answer_later(std::move(asked->second), runtime_reply(kNotLeader, ""));
    peer.asked.erase(asked);
  }
}

void Mesh::peer_up(const std::string& node, const Hello& hello) {
  Peer& peer = peers_[node];
  peer.connected = true;
  peer.hello = hello;
  ++peer.connection;
  peer.joiner.clear();
  for (const OnUp& handler : on_met_) handler(node, hello);
  settle(node);
}

void Mesh::peer_down(const std::string& node) {
  Peer& peer = peers_[node];
  peer.connected = false;
  peer.joiner.clear();
  settle(node);
  peer.parcel = {};
  peer.waiting = false;
  for (const OnDown& handler : on_parted_) handler(node);
}

void Mesh::shut_out(const std::string& node, bool out) {
  peers_[node].shut_out = out;
  settle(node);
}

void Mesh::settle(const std::string& node) {
  const Peer& peer = peers_[node];
  const bool counts = peer.connected && !peer.shut_out;
  if (counts && !peer.up) enter(node);
  if (!counts && peer.up) leave(node);
}

void Mesh::enter(const std::string& node) {
  Peer& peer = peers_[node];
  peer.up = true;
  leaders_.up(node);
  for (const OnUp& handler : on_up_) handler(node, peer.hello);
}

void Mesh::leave(const std::string& node) {
  Peer& peer = peers_[node];
  peer.up = false;
  peer.parcel = {};
  leaders_.down(node);
  for (auto& [id, on_reply] : std::exchange(peer.asked, {})) {
    answer_later(std::move(on_reply), runtime_reply(kUnknownFate, "the node went away meanwhile"));
  }
  for (const OnDown& handler : on_down_) handler(node);
}

void Mesh::received(const std::string& node, std::string piece) {
  Peer& peer = peers_[node];
  const auto bytes = peer.joiner.add(std::move(piece));
  if (!bytes) return;
  auto parcel = decode<Parcel>(*bytes);
  if (!parcel) return log_warn("a parcel that does not decode was dropped", {{"peer", node}, {"bytes", bytes->size()}});
  // Of a node that is shut out there are notes alone.
  if (!peer.up) parcel->raft.clear(), parcel->replies.clear(), parcel->requests.clear();
  for (RaftItem& item : parcel->raft) {
    if (on_raft_) on_raft_(node, std::move(item));
  }
  for (ReplyItem& item : parcel->replies) {
    const auto asked = peer.asked.find(item.id);
    if (asked == peer.asked.end()) continue;
    const OnReply on_reply = std::move(asked->second);
    peer.asked.erase(asked);
    on_reply(std::move(item.reply));
  }
  for (RequestItem& item : parcel->requests) {
    if (!on_request_) continue;
    item.call.deadline = after(clock_.now(), item.left_ms);
    on_request_(GroupId::from_value(item.group), std::move(item.call), item.command, item.payload,
                [this, node, id = item.id, connection = peer.connection](Reply reply) {
                  if (!up(node) || peers_[node].connection != connection) return;
                  noted(node).parcel.replies.push_back({id, std::move(reply)});
                });
  }
  for (NoteItem& item : parcel->notes) {
    const auto handler = notes_.find(item.topic);
    if (handler == notes_.end() || !(peer.up || handler->second.of_any)) continue;
    handler->second.handle(node, std::move(item.text));
  }
}

}  // namespace stoa
