#include "tests/cluster/simulation/chaos.hpp"

#include <algorithm>

namespace stoa::simulation {

void Chaos::start() {
  world_.schedule.after(world_.schedule.between(50, 1500), [this] { strike(); });
  world_.schedule.after(world_.schedule.between(50, 400), [this] { housekeeping(); });
  if (change_members_) {
    world_.schedule.after(world_.schedule.between(500, 2000), [this] { churn(); });
  }
}

void Chaos::heal() {
  healed_ = true;
  world_.network = Network{};
  world_.slowness = {};
  for (const auto& node : world_.nodes) {
    node->pause(0);
    if (!node->up()) {
      node->boot();
    }
  }
}

void Chaos::strike() {
  if (healed_) {
    return;
  }
  switch (world_.schedule.random().below(11)) {
    case 0:
    case 1:
      crash_one(false);
      break;
    case 2:
      crash_one(true);
      break;
    case 3:
      crash_all();
      break;
    case 4:
    case 5:
      partition();
      break;
    case 6:
      world_.network.cut.clear();
      break;
    case 7:
      weather();
      break;
    case 8:
      disks();
      break;
    case 9:
      lose_leader();
      break;
    default:
      if (Node* node = any_up()) {
        node->pause(world_.schedule.between(50, 3000));
      }
  }
  world_.schedule.after(world_.schedule.between(20, 1500), [this] { strike(); });
}

Node* Chaos::leader() {
  Node* found = nullptr;
  for (const auto& node : world_.nodes) {
    const bool leads = node->up() && node->replica().leads_ready();
    if (leads && (found == nullptr || found->replica().term() < node->replica().term())) {
      found = node.get();
    }
  }
  return found;
}

Node* Chaos::any_up() {
  std::vector<Node*> up;
  for (const auto& node : world_.nodes) {
    if (node->up()) {
      up.push_back(node.get());
    }
  }
  return up.empty() ? nullptr : up[world_.schedule.random().below(up.size())];
}

void Chaos::restart_later(Node& node, int64_t max_ms) {
  const ReplicaId id = node.id();
  world_.schedule.after(world_.schedule.between(1, max_ms), [this, id] {
    Node* again = world_.node_of(id);
    if (again != nullptr && !again->up()) {
      again->boot();
    }
  });
}

void Chaos::crash_one(bool the_leader) {
  Node* node = the_leader ? leader() : any_up();
  if (node != nullptr) {
    node->crash();
    ++crashes_;
    restart_later(*node, 4000);
  }
}

// Some are told that their connection to the leader is gone, whether it is or not.
void Chaos::lose_leader() {
  for (const auto& node : world_.nodes) {
    if (node->up() && world_.schedule.chance(60)) {
      node->lose_leader();
    }
  }
}

void Chaos::crash_all() {
  for (const auto& node : world_.nodes) {
    if (node->up()) {
      node->crash();
      ++crashes_;
      restart_later(*node, 500);
    }
  }
}

// Two sides, one way or both; a message crosses or does not at the moment of its arrival.
void Chaos::partition() {
  world_.network.cut.clear();
  const bool one_way = world_.schedule.chance(40);
  const Node* alone = world_.schedule.chance(40) ? leader() : nullptr;
  std::vector<bool> left;
  for (const auto& node : world_.nodes) {
    left.push_back(alone != nullptr ? node.get() == alone : world_.schedule.chance(50));
  }
  for (size_t a = 0; a < left.size(); ++a) {
    for (size_t b = 0; b < left.size(); ++b) {
      if (left[a] && !left[b]) {
        world_.network.cut.insert({world_.nodes[a]->id(), world_.nodes[b]->id()});
        if (!one_way) {
          world_.network.cut.insert({world_.nodes[b]->id(), world_.nodes[a]->id()});
        }
      }
    }
  }
}

void Chaos::weather() {
  world_.network.loss_percent = world_.schedule.chance(50) ? world_.schedule.random().below(30) : 0;
  world_.network.double_percent = world_.schedule.chance(50) ? world_.schedule.random().below(30) : 0;
  world_.network.delay_max_ms = world_.schedule.chance(30) ? world_.schedule.between(50, 1500) : 5;
}

void Chaos::disks() { world_.slowness.disk_max_ms = world_.schedule.chance(40) ? world_.schedule.between(20, 800) : 3; }

// What a node does beside its loop: flush the state, trim the log.
void Chaos::housekeeping() {
  for (const auto& node : world_.nodes) {
    if (world_.schedule.chance(40)) {
      node->flush(world_.schedule.chance(50));
    }
  }
  world_.schedule.after(world_.schedule.between(50, 800), [this] { housekeeping(); });
}

// Keeps between one and five voters: a learner joins, becomes a voter, another voter goes; or several things at once.
void Chaos::churn() {
  if (healed_) {
    return;
  }
  world_.schedule.after(world_.schedule.between(50, 700), [this] { churn(); });
  Node* at = leader();
  if (at == nullptr || replace_removed()) {
    return;
  }
  using Kind = MemberChange::Kind;
  const Members members = at->replica().members();
  const auto pick = [this](const std::vector<ReplicaId>& ids) {
    return ids[world_.schedule.random().below(ids.size())];
  };
  if (world_.schedule.chance(15) && members.voters.size() > 1) {
    at->transfer_lead(pick(members.voters));
    return;
  }
  std::vector<MemberChange> changes;
  if (!members.learners.empty()) {
    changes.push_back({Kind::kAddVoter, pick(members.learners)});
  }
  const size_t fewest = changes.empty() && !world_.schedule.chance(20) ? 2 : 1;
  if (members.voters.size() > fewest && world_.schedule.chance(60)) {
    changes.push_back({world_.schedule.chance(80) ? Kind::kRemove : Kind::kAddLearner, pick(members.voters)});
  }
  for (const auto& node : world_.nodes) {
    if (changes.empty() && members.voters.size() < 5 && world_.ever_members.count(node->id()) == 0) {
      changes.push_back({Kind::kAddLearner, node->id()});
    }
  }
  if (!changes.empty()) {
    at->change_members(changes);
  }
}

// A removed replica goes once a majority of the new voters knows, and never returns: its machine starts another one
// from nothing, whether the old one has heard of its removal or not. True if there was one.
bool Chaos::replace_removed() {
  for (auto& node : world_.nodes) {
    if (world_.ever_members.count(node->id()) == 0 || !world_.removal_known(node->id())) {
      continue;
    }
    if (node->up()) {
      node->crash();
    }
    world_.retired.push_back(std::move(node));
    node = std::make_unique<Node>(world_, ++last_id_);
    node->be_empty();
    node->boot();
    return true;
  }
  return false;
}

}  // namespace stoa::simulation
