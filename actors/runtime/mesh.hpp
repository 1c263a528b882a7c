// A loop's side of the links to the other nodes: gathers what a turn has to say to each, hands it to the transport at
// the turn's end, and deals out what arrives. All calls on the loop; handlers run there, never from inside a call.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "actors/runtime/any_command.hpp"
#include "actors/runtime/leader_table.hpp"
#include "actors/runtime/parcel.hpp"
#include "base/clock.hpp"
#include "cluster/loop.hpp"
#include "cluster/transport.hpp"

namespace stoa {

class Mesh final : public TransportPort {
 public:
  using OnReply = std::function<void(Reply)>;

  using OnRaft = std::function<void(const std::string& node, RaftItem)>;
  // A request of another node for a shard here. Exactly one reply, later.
  using OnRequest = std::function<void(GroupId, Call, const std::string& command, const std::string& payload, OnReply)>;
  using OnUp = std::function<void(const std::string& node, const Hello& hello)>;
  using OnDown = std::function<void(const std::string& node)>;
  using OnNote = std::function<void(const std::string& node, std::string text)>;

  // `loop` and `clock` outlive it.
  Mesh(Loop& loop, const Clock& clock, std::string own_node);

  // Before the transport is opened. What nobody handles is dropped.
  void on_raft(OnRaft handler) { on_raft_ = std::move(handler); }
  void on_request(OnRequest handler) { on_request_ = std::move(handler); }
  // A node is connected, before it counts as up; and is not any more, after it counts as down.
  void on_met(OnUp handler) { on_met_.push_back(std::move(handler)); }
  void on_parted(OnDown handler) { on_parted_.push_back(std::move(handler)); }
  void on_up(OnUp handler) { on_up_.push_back(std::move(handler)); }
  void on_down(OnDown handler) { on_down_.push_back(std::move(handler)); }
  void on_note(const std::string& topic, OnNote handler) { notes_[topic] = {std::move(handler), false}; }
  // Heard of nodes that are shut out too.
  void on_note_of_any(const std::string& topic, OnNote handler) { notes_[topic] = {std::move(handler), true}; }
  // `transport` outlives the mesh's use of it; nullptr: nothing leaves any more.
  void attach(Transport* transport) { transport_ = transport; }

  // Unreliable: what cannot leave is dropped.
  void raft(const std::string& node, RaftItem item);
  void note(const std::string& node, std::string topic, std::string text);
  // Answered with unknown_fate when the node goes away meanwhile, with not_leader when nothing left. A node that never
  // answers leaves it to the caller's deadline.
  void request(const std::string& node, GroupId group, const Call& call, const AnyCommand& command, OnReply on_reply);

  // A node that is shut out counts as down, connected or not: nothing leaves for it and nothing of it is heard, but for
  // notes. Until it is let in again.
  void shut_out(const std::string& node, bool out);

  bool connected(const std::string& node) const { return peers_.count(node) != 0 && peers_.at(node).connected; }
  // Connected, and not shut out.
  bool up(const std::string& node) const { return peers_.count(node) != 0 && peers_.at(node).up; }
  std::set<std::string> nodes_up() const;
  LeaderTable& leaders() { return leaders_; }
  const std::string& own_node() const { return leaders_.own(); }

  void peer_up(const std::string& node, const Hello& hello) override;
  void peer_down(const std::string& node) override;
  void received(const std::string& node, std::string piece) override;

 private:
  struct Peer {
    bool connected = false;
    bool shut_out = false;
    bool up = false;
    Hello hello;
    uint64_t connection = 0;  // how many there were: a reply must not meet the questions of a later one
    Parcel parcel;            // of this turn
    bool waiting = false;
    ParcelJoiner joiner;
    std::unordered_map<uint64_t, OnReply> asked;
  };

  struct NoteHandler {
    OnNote handle;
    bool of_any = false;
  };

  Peer& noted(const std::string& node);
  void settle(const std::string& node);
  void enter(const std::string& node);
  void leave(const std::string& node);
  void flush();
  void not_sent(Peer& peer, const Parcel& parcel);
  void answer_later(OnReply on_reply, Reply reply);

  Loop& loop_;
  const Clock& clock_;
  LeaderTable leaders_;
  OnRaft on_raft_;
  OnRequest on_request_;
  std::vector<OnUp> on_met_, on_up_;
  std::vector<OnDown> on_parted_, on_down_;
  std::map<std::string, NoteHandler> notes_;
  Transport* transport_ = nullptr;
  std::map<std::string, Peer> peers_;
  uint64_t next_id_ = 1;
};

}  // namespace stoa
