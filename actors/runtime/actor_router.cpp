#include "actors/runtime/actor_router.hpp"

#include <algorithm>
#include <vector>

#include "actors/runtime/mesh.hpp"
#include "actors/runtime/retry.hpp"

namespace stoa {
namespace {

constexpr int64_t kMaxRetryMs = 200;  // a lead changes hands within a second or two
constexpr int kMaxHops = 3;

}  // namespace

ActorRouter::ActorRouter(const ShardDirectory& directory, caf::strong_actor_ptr courier, const Clock& clock,
                         Random& random)
    : directory_(directory), courier_(std::move(courier)), clock_(clock), random_(random) {}

void ActorRouter::call(uint16_t service, Slot slot, Call call, AnyCommand command, Reply reply) {
  start({service, shard_of(directory_.counts, service, slot)}, std::move(call), std::move(command), Kind::kRepeated,
        [reply = std::move(reply)](stoa::Reply r) { reply(std::move(r.answer), r.replayed); });
}

void ActorRouter::call_all(uint16_t service, Call call, AnyCommand command, Replies replies) {
  struct Gather {
    std::vector<Answer> answers;
    size_t missing;
    Replies replies;
  };
  const uint16_t count = directory_.counts[service];
  auto gather = std::make_shared<Gather>(Gather{std::vector<Answer>(count), count, std::move(replies)});
  for (uint16_t shard = 0; shard < count; ++shard) {
    start({service, shard}, call, command, Kind::kRepeated, [gather, shard](stoa::Reply r) {
      gather->answers[shard] = std::move(r.answer);
      if (--gather->missing == 0) gather->replies(std::move(gather->answers));
    });
  }
}

void ActorRouter::try_once(uint16_t service, Slot slot, Call call, AnyCommand command, ShardWorld::OnReply on_reply) {
  start({service, shard_of(directory_.counts, service, slot)}, std::move(call), std::move(command), Kind::kOnce,
        std::move(on_reply));
}

void ActorRouter::call_here(GroupId group, Call call, AnyCommand command, ShardWorld::OnReply on_reply) {
  start(group, std::move(call), std::move(command), Kind::kHere, std::move(on_reply));
}

void ActorRouter::start(GroupId group, Call call, AnyCommand command, Kind kind, ShardWorld::OnReply on_reply) {
  const uint64_t id = next_id_++;
  Request& request = requests_[id];
  request.group = group;
  request.call = std::move(call);
  request.command = std::move(command);
  request.on_reply = std::move(on_reply);
  request.kind = kind;
  send(id, request);
}

void ActorRouter::send(uint64_t id, Request& request) {
  request.retry_at = Time{0};
  Mesh* const mesh = directory_.mesh;
  if (mesh == nullptr || request.kind == Kind::kHere) {
    if (!send_here(id, request)) try_later(request);
    return;
  }
  request.asked = mesh->leaders().pick(request.group, request.attempt);
  if (request.asked == mesh->own_node()) {
    if (send_here(id, request)) return;
    mesh->leaders().forget(request.group, request.asked);  // it led once; its replica was closed
    try_later(request);
  } else if (request.asked.empty()) {
    try_later(request);
  } else {
    mesh->request(request.asked, request.group, request.call, request.command,
                  [this, id](stoa::Reply reply) { replied(id, std::move(reply)); });
  }
}

bool ActorRouter::send_here(uint64_t id, Request& request) {
  const auto here = directory_.here.find(request.group);
  if (here == directory_.here.end()) return false;
  auto& self = static_cast<Courier&>(*caf::actor_cast<caf::abstract_actor*>(courier_));
  const bool kept = request.kind != Kind::kHere;  // it may have to be sent again, or elsewhere
  directory_.ports.at(request.group.service)
      ->request(self, here->second, kept ? request.call : std::move(request.call),
                kept ? request.command : std::move(request.command),
                [this, id](stoa::Reply reply) { replied(id, std::move(reply)); });
  return true;
}

void ActorRouter::try_later(Request& request) {
  request.hops = 0;
  request.retry_at = after(clock_.now(), std::min(kMaxRetryMs, retry_delay_ms(request.attempt++, random_)));
}

// Whoever does not lead names the one who does: nothing was done, so asking there is no repeat.
bool ActorRouter::follow_hint(uint64_t id, Request& request, const Answer& answer) {
  if (directory_.mesh == nullptr || answer.code != kNotLeader.code) return false;
  LeaderTable& leaders = directory_.mesh->leaders();
  leaders.forget(request.group, request.asked);
  const std::string& named = answer.detail;
  if (named.empty() || named == request.asked || request.hops >= kMaxHops) return false;
  leaders.learn(request.group, named);
  if (leaders.pick(request.group, request.attempt) != named) return false;
  ++request.hops;
  send(id, request);
  return true;
}

void ActorRouter::replied(uint64_t id, stoa::Reply reply) {
  const auto found = requests_.find(id);
  if (found == requests_.end()) return;  // its deadline came first
  Request& request = found->second;
  const bool again = reply.answer.code == kNotLeader.code || reply.answer.code == kUnknownFate.code;
  if (request.kind == Kind::kHere || !again) {
    if (directory_.mesh != nullptr && request.kind != Kind::kHere) {
      directory_.mesh->leaders().learn(request.group, request.asked);
    }
    return finish(id, std::move(reply));
  }
  if (follow_hint(id, request, reply.answer)) return;
  if (request.kind == Kind::kOnce) return finish(id, std::move(reply));
  try_later(request);
  if (request.retry_at >= request.call.deadline) finish(id, runtime_reply(kUnavailable, "the shard has no leader"));
}

void ActorRouter::finish(uint64_t id, stoa::Reply reply) {
  const auto found = requests_.find(id);
  const ShardWorld::OnReply on_reply = std::move(found->second.on_reply);
  requests_.erase(found);
  on_reply(std::move(reply));
}

void ActorRouter::tick() {
  const Time now = clock_.now();
  std::vector<uint64_t> over, due;
  for (const auto& [id, request] : requests_) {
    if (request.call.deadline < now)
      over.push_back(id);
    else if (request.retry_at.ms != 0 && request.retry_at <= now)
      due.push_back(id);
  }
  // In the order in which they came, whatever the table's is.
  std::sort(over.begin(), over.end());
  std::sort(due.begin(), due.end());
  for (const uint64_t id : over) finish(id, runtime_reply(kUnavailable, "no answer within the deadline"));
  for (const uint64_t id : due) {
    const auto found = requests_.find(id);
    if (found != requests_.end()) send(id, found->second);
  }
}

}  // namespace stoa
