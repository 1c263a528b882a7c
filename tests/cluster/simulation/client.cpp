#include "tests/cluster/simulation/client.hpp"

namespace stoa::simulation {

namespace {

constexpr uint64_t kKeys = 3;
constexpr int64_t kTimeoutMs = 3000;

// Mostly whoever believes to lead; there may be several.
Node& target(World& world) {
  std::vector<Node*> leaders;
  for (const auto& node : world.nodes) {
    if (node->up() && node->replica().role() == Role::kLeader) {
      leaders.push_back(node.get());
    }
  }
  if (!leaders.empty() && !world.schedule.chance(10)) {
    return *leaders[world.schedule.random().below(leaders.size())];
  }
  return *world.nodes[world.schedule.random().below(world.nodes.size())];
}

}  // namespace

void Client::think() {
  world_.schedule.after(world_.schedule.between(5, 120), [this] {
    if (!stopped_) {
      begin(world_.schedule.chance(40));
    }
  });
}

void Client::write_once_more() {
  stopped_ = true;
  begin(false);
}

void Client::begin(bool read) {
  if (!idle_) {
    return;  // the one under way will do
  }
  idle_ = false;
  read_ = read;
  command_.client = id_;
  command_.key = world_.schedule.random().below(kKeys);
  command_.request += read ? 0 : 1;
  floor_ = world_.checker.floor(command_.key);
  attempt();
}

void Client::attempt() {
  const uint64_t number = ++attempt_;
  const auto reply = [this, number](Node::Answer answer) {
    // Through the network, not from within the replica's turn.
    world_.schedule.after(1, [this, number, answer] { answered(number, answer); });
  };
  Node& node = target(world_);
  if (read_) {
    node.read(command_.key, reply);
  } else {
    node.write(command_, reply);
  }
  world_.schedule.after(kTimeoutMs, [this, number] { answered(number, {}); });
}

void Client::answered(uint64_t attempt_number, Node::Answer answer) {
  if (attempt_number != attempt_ || idle_) {
    return;
  }
  if (!answer.done) {
    ++attempt_;
    world_.schedule.after(world_.schedule.between(20, 100), [this] { attempt(); });
    return;
  }
  if (read_) {
    world_.checker.read_answered(command_.key, floor_, answer.index);
  } else {
    world_.checker.write_answered(id_, command_.request, command_.key, floor_, answer.index);
  }
  ++answered_;
  idle_ = true;
  think();
}

}  // namespace stoa::simulation
