#include "actors/runtime/snapshot_desk.hpp"

#include "base/log.hpp"
#include "storage/snapshot_install.hpp"

namespace stoa {
namespace {

constexpr const char* kTopic = "snapshot";

}  // namespace

SnapshotDesk::SnapshotDesk(Parts parts)
    : parts_(std::move(parts)),
      shelf_(*this, parts_.loop, parts_.worker),
      sender_(*this, shelf_, parts_.loop, parts_.worker),
      receiver_(*this, parts_.staging, parts_.loop, parts_.worker) {
  parts_.mesh.on_note(kTopic, [this](const std::string& node, const std::string& text) { heard(node, text); });
}

void SnapshotDesk::wanted(Shard& shard, ReplicaId follower, Index at_least) {
  shelf_.want(shard.group(), follower, at_least);
}

void SnapshotDesk::send(Shard& shard, ReplicaId to, std::string message, const SnapshotOffer& offer) {
  sender_.send(shard.group(), shard.replica().id(), to, std::move(message), offer);
}

void SnapshotDesk::install(Shard& shard, const SnapshotOffer& offer, std::function<void()> persist) {
  const GroupId group = shard.group();
  auto staged = receiver_.take(group, shard.replica().id(), offer.manifest);
  STOA_CHECK(staged.has_value(), "a snapshot is staged before its message is stepped");
  STOA_CHECK(staged->manifest().index == offer.at.index && staged->manifest().term == offer.at.term,
             "a manifest is of the position that its message names");
  installing_[group] = {shard.replica().id(), offer.at.index};
  log_info("a snapshot is being installed", {{"service", group.service},
                                             {"shard", group.shard},
                                             {"index", offer.at.index},
                                             {"bytes", staged->manifest().bytes}});
  shard.state().install(std::make_unique<SnapshotInstall>(*parts_.databases.at(group.service), std::move(*staged)),
                        std::move(persist));
}

void SnapshotDesk::tick() {
  for (auto at = installing_.begin(); at != installing_.end();) {
    const auto& [replica, index] = at->second;
    const Shard* const shard = parts_.find(at->first);
    const bool here = shard != nullptr && shard->replica().id() == replica;
    // Applied only once the journal has the Reset: from here on a start needs the staging no more.
    const bool done = !here || (shard->replica().applied().index >= index && !shard->replica().installing());
    if (done) receiver_.installed(at->first, replica);
    at = done ? installing_.erase(at) : std::next(at);
  }
  sender_.lost([this](GroupId group, ReplicaId to) { return !parts_.mesh.up(parts_.node_of(group, to)); });
  shelf_.tick();
  sender_.tick();
  receiver_.tick();
}

void SnapshotDesk::take_view(GroupId group, std::function<void(std::unique_ptr<ShardView>)> on_view) {
  Shard* const shard = parts_.find(group);
  if (shard == nullptr || shard->state().installing()) return on_view(nullptr);
  shard->state().take_view(std::move(on_view));
}

void SnapshotDesk::offer_snapshot(GroupId group, const SnapshotOffer& offer) {
  if (Shard* const shard = parts_.find(group)) shard->offer_snapshot(offer);
}

void SnapshotDesk::report_snapshot(GroupId group, ReplicaId to, bool ok) {
  if (Shard* const shard = parts_.find(group)) shard->report_snapshot(to, ok);
}

bool SnapshotDesk::send(const TransferMessage& message) {
  const std::string node = parts_.node_of(message.group, message.to);
  if (!parts_.mesh.up(node)) return false;
  parts_.mesh.note(node, kTopic, encode_transfer(message));
  return true;
}

void SnapshotDesk::answer(const TransferMessage& message) {
  const auto node = senders_.find({message.group, message.from});
  if (node != senders_.end() && parts_.mesh.up(node->second)) {
    parts_.mesh.note(node->second, kTopic, encode_transfer(message));
  }
}

bool SnapshotDesk::hosts(GroupId group, ReplicaId replica) const {
  const Shard* const shard = parts_.find(group);
  return shard != nullptr && shard->replica().id() == replica;
}

// At once, so that the core decides about this snapshot before anything else is heard of the group.
bool SnapshotDesk::staged(GroupId group, ReplicaId from, ReplicaId to, const std::string& consensus) {
  Shard* const shard = parts_.find(group);
  if (shard == nullptr || shard->replica().id() != to) return false;
  shard->step(from, consensus);
  return shard->replica().installing();
}

void SnapshotDesk::broken(const Error& error) { STOA_CHECK(false, error.what); }

void SnapshotDesk::heard(const std::string& node, const std::string& text) {
  auto message = decode_transfer(text);
  if (!message) return log_warn("a message about a snapshot does not decode", {{"peer", node}});
  if (const auto* failed = std::get_if<TransferFailed>(&message->body)) {
    log_info("a snapshot was not brought", {{"peer", node},
                                            {"service", message->group.service},
                                            {"shard", message->group.shard},
                                            {"reason", failed->reason}});
  }
  const bool from_sender =
      std::holds_alternative<TransferOffer>(message->body) || std::holds_alternative<TransferChunk>(message->body);
  if (std::holds_alternative<TransferOffer>(message->body)) senders_[{message->group, message->from}] = node;
  const bool failed = std::holds_alternative<TransferFailed>(message->body);
  if (!from_sender) sender_.received(*message);
  if (from_sender || failed) receiver_.received(std::move(*message));
}

}  // namespace stoa
