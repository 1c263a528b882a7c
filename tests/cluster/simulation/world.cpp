#include "tests/cluster/simulation/world.hpp"

#include "tests/cluster/simulation/node.hpp"

namespace stoa::simulation {

World::World(uint64_t seed, Plant what) : schedule(seed), plant(what) {}
World::~World() = default;

bool World::removal_known(ReplicaId id) {
  if (newest_members.contains(id)) {
    return false;
  }
  size_t know = 0;
  for (const ReplicaId voter : newest_members.voters) {
    const Node* node = node_of(voter);
    know += node != nullptr && node->up() && node->replica().applied().index >= newest_members_at ? 1 : 0;
  }
  return know > newest_members.voters.size() / 2;
}

Node* World::node_of(ReplicaId id) {
  for (const auto& node : nodes) {
    if (node->id() == id) {
      return node.get();
    }
  }
  return nullptr;
}

void World::members_changed(const Members& members, Index at) {
  if (at > newest_members_at) {
    newest_members_at = at;
    newest_members = members;
    ++changes;
    ever_members.insert(members.voters.begin(), members.voters.end());
    ever_members.insert(members.learners.begin(), members.learners.end());
  }
}

void World::send(ReplicaId from, ReplicaId to, std::string message, const SnapshotOffer* offer) {
  const bool snapshot = offer != nullptr;
  const size_t copies = schedule.chance(network.loss_percent) ? 0 : schedule.chance(network.double_percent) ? 2 : 1;
  for (size_t i = 0; i < copies; ++i) {
    const int64_t delay = schedule.between(network.delay_min_ms, network.delay_max_ms);
    schedule.after(delay, [this, from, to, message, snapshot] { deliver(from, to, message, snapshot); });
  }
  if (copies == 0 && snapshot) {
    schedule.after(200, [this, from, to] {
      if (Node* sender = node_of(from)) {
        sender->report_snapshot(to, false);
      }
    });
  }
}

void World::deliver(ReplicaId from, ReplicaId to, const std::string& message, bool snapshot) {
  Node* receiver = node_of(to);
  const bool arrived = receiver != nullptr && network.cut.count({from, to}) == 0 && receiver->deliver(from, message);
  schedule.note(from, to, arrived ? hash_of(message) : 0);
  if (snapshot) {
    schedule.after(10, [this, from, to, arrived] {
      if (Node* sender = node_of(from)) {
        sender->report_snapshot(to, arrived);
      }
    });
  }
}

}  // namespace stoa::simulation
