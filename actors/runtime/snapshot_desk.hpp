// Brings the shards of a loop and the cluster's snapshots together: what their replicas ask of the world is taken,
// sent, received and installed, between nodes over the mesh. All calls on the loop.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "actors/runtime/mesh.hpp"
#include "actors/runtime/shard.hpp"
#include "cluster/snapshot_receiver.hpp"
#include "cluster/snapshot_sender.hpp"
#include "cluster/snapshot_shelf.hpp"

namespace stoa {

class SnapshotDesk final : private SnapshotShelfPort, SnapshotSenderPort, SnapshotReceiverPort {
 public:
  struct Parts {
    Loop& loop;
    Mesh& mesh;
    Executor& worker;  // for reading and writing much; ends before the desk does
    Disk& staging;
    const std::map<uint16_t, Database*>& databases;  // by service number
    std::function<Shard*(GroupId)> find;             // nullptr: not here
    std::function<std::string(GroupId, ReplicaId)> node_of;
  };
  // All parts outlive the desk, and the desk the posts of loop and worker.
  explicit SnapshotDesk(Parts parts);

  // As in ReplicaPort, from inside it.
  void wanted(Shard& shard, ReplicaId follower, Index at_least);
  void send(Shard& shard, ReplicaId to, std::string message, const SnapshotOffer& offer);
  // `persist` puts the records into the journal; the shard hears of it as of any others.
  void install(Shard& shard, const SnapshotOffer& offer, std::function<void()> persist);

  // Of the oldest snapshot of the group that is on its way or was lately; 0: none. The log behind it should stay.
  Index oldest(GroupId group) const { return shelf_.oldest_held(group); }

  void tick();  // 100 ms

 private:
  void take_view(GroupId group, std::function<void(std::unique_ptr<ShardView>)> on_view) override;
  void offer_snapshot(GroupId group, const SnapshotOffer& offer) override;
  bool send(const TransferMessage& message) override;
  void report_snapshot(GroupId group, ReplicaId to, bool ok) override;
  void answer(const TransferMessage& message) override;
  bool hosts(GroupId group, ReplicaId replica) const override;
  bool staged(GroupId group, ReplicaId from, ReplicaId to, const std::string& consensus) override;
  void broken(const Error& error) override;
  void heard(const std::string& node, const std::string& text);

  Parts parts_;
  SnapshotShelf shelf_;
  SnapshotSender sender_;
  SnapshotReceiver receiver_;
  std::map<std::pair<GroupId, ReplicaId>, std::string> senders_;  // their nodes: who brings may be no member here yet
  std::map<GroupId, std::pair<ReplicaId, Index>> installing_;     // until the journal knows of it
};

}  // namespace stoa
