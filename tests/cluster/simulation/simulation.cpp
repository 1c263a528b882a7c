#include "tests/cluster/simulation/simulation.hpp"

#include <deque>
#include <sstream>

#include "tests/cluster/simulation/chaos.hpp"
#include "tests/cluster/simulation/client.hpp"

namespace stoa::simulation {

namespace {

constexpr int64_t kChaosMs = 12000;
constexpr int64_t kHealMs = 20000;

// Of all that are up; it may have been removed.
const Replica* furthest(const World& world) {
  const Replica* found = nullptr;
  for (const auto& node : world.nodes) {
    if (node->up() && (found == nullptr || found->applied().index < node->replica().applied().index)) {
      found = &node->replica();
    }
  }
  return found;
}

std::vector<const Node*> members_now(const World& world) {
  const Replica* known_to = furthest(world);
  std::vector<const Node*> out;
  for (const auto& node : world.nodes) {
    if (known_to != nullptr && known_to->members().contains(node->id())) {
      out.push_back(node.get());
    }
  }
  return out;
}

// All members have applied the same, all of it.
bool agreed(const World& world) {
  const std::vector<const Node*> members = members_now(world);
  for (const Node* node : members) {
    if (!node->up() || node->replica().applied() != furthest(world)->applied()) {
      return false;
    }
  }
  return !members.empty();
}

std::string list(const std::vector<ReplicaId>& ids) {
  std::string out;
  for (const ReplicaId id : ids) {
    out += " " + std::to_string(id);
  }
  return out;
}

// How all replicas stand, for a run that hangs.
std::string picture(const World& world) {
  std::ostringstream out;
  for (const auto& node : world.nodes) {
    out << "replica " << node->id() << (node->up() ? "" : " down");
    if (node->up()) {
      const Replica& r = node->replica();
      out << " role " << static_cast<int>(r.role()) << " term " << r.term() << " leader " << r.leader() << " applied "
          << r.applied().index << " committed " << r.committed() << " log " << r.first_index() << "-" << r.last_index()
          << " voters" << list(r.members().voters) << " outgoing" << list(r.members().voters_outgoing) << " learners"
          << list(r.members().learners);
    }
    out << "\n";
  }
  return out.str();
}

void check_end(World& world) {
  for (const Node* node : members_now(world)) {
    std::map<uint64_t, uint64_t> last;
    for (const auto& [client, of] : node->machine().clients) {
      last[client] = of.request;
    }
    world.checker.state_holds(node->id(), last);
  }
}

}  // namespace

Outcome simulate(const Options& options) {
  World world(options.seed, options.plant);
  const bool churn = world.schedule.chance(40) || options.voters == 1;
  Members first;
  for (ReplicaId id = 1; id <= options.voters; ++id) {
    first.voters.push_back(id);
  }
  world.members_changed(first, ReplicaBoot::kBirth.index);
  for (ReplicaId id = 1; id <= options.voters + (churn ? 2 : 0); ++id) {
    Node& node = *world.nodes.emplace_back(std::make_unique<Node>(world, id));
    if (id <= options.voters) {
      node.be_born(first);
    } else {
      node.be_empty();
    }
    node.boot();
  }
  std::deque<Client> clients;
  for (uint64_t id = 1; id <= 4; ++id) {
    clients.emplace_back(world, id).start();
  }
  Chaos chaos(world, churn);
  chaos.start();

  const auto violated = [&world] { return world.checker.violated(); };
  if (!world.schedule.run_until(kChaosMs, violated)) {
    chaos.heal();
    for (Client& client : clients) {
      client.write_once_more();
    }
    const auto done = [&] {
      for (const Client& client : clients) {
        if (!client.idle()) {
          return world.checker.violated();
        }
      }
      return world.checker.violated() || agreed(world);
    };
    if (!world.schedule.run_until(kChaosMs + kHealMs, done)) {
      world.checker.fail("no progress after everything was healed\n" + picture(world));
    }
    check_end(world);
  }

  Outcome out;
  out.violation = world.checker.violation();
  out.trace = world.schedule.trace();
  out.crashes = chaos.crashes();
  out.snapshots = world.installs;
  out.changes = world.changes - 1;
  for (const Client& client : clients) {
    out.answered += client.answered();
  }
  for (const auto& node : world.nodes) {
    out.term = std::max(out.term, node->up() ? node->replica().term() : 0);
  }
  return out;
}

}  // namespace stoa::simulation
