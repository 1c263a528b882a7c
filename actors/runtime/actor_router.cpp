#include "actors/runtime/actor_router.hpp"

#include <vector>

#include "actors/runtime/retry.hpp"

namespace stoa {

ActorRouter::ActorRouter(const ShardDirectory& directory, caf::strong_actor_ptr courier, const Clock& clock,
                         Random& random)
    : directory_(directory), courier_(std::move(courier)), clock_(clock), random_(random) {}

void ActorRouter::call(uint16_t service, Slot slot, Call call, AnyCommand command, Reply reply) {
  start({service, shard_of(directory_.counts, service, slot)}, std::move(call), std::move(command), true,
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
    start({service, shard}, call, command, true, [gather, shard](stoa::Reply r) {
      gather->answers[shard] = std::move(r.answer);
      if (--gather->missing == 0) gather->replies(std::move(gather->answers));
    });
  }
}

void ActorRouter::try_once(uint16_t service, Slot slot, Call call, AnyCommand command, ShardWorld::OnReply on_reply) {
  start({service, shard_of(directory_.counts, service, slot)}, std::move(call), std::move(command), false,
        std::move(on_reply));
}

void ActorRouter::start(GroupId group, Call call, AnyCommand command, bool repeats, ShardWorld::OnReply on_reply) {
  const uint64_t id = next_id_++;
  deadlines_.emplace(call.deadline.ms, id);
  Request& request = requests_[id];
  request.group = group;
  request.call = std::move(call);
  request.command = std::move(command);
  request.on_reply = std::move(on_reply);
  request.repeats = repeats;
  send(id, request);
}

void ActorRouter::send(uint64_t id, Request& request) {
  const auto leader = directory_.leaders.find(request.group);
  if (leader == directory_.leaders.end()) {
    request.retry_at = after(clock_.now(), retry_delay_ms(request.attempt++, random_));
    return;
  }
  request.retry_at = Time{0};
  auto& self = static_cast<Courier&>(*caf::actor_cast<caf::abstract_actor*>(courier_));
  directory_.ports.at(request.group.service)
      ->request(self, leader->second, request.call, request.command,
                [this, id](stoa::Reply reply) { replied(id, std::move(reply)); });
}

void ActorRouter::replied(uint64_t id, stoa::Reply reply) {
  const auto found = requests_.find(id);
  if (found == requests_.end()) return;  // its deadline came first
  Request& request = found->second;
  const bool again = reply.answer.code == kNotLeader.code || reply.answer.code == kUnknownFate.code;
  if (!again || !request.repeats) return finish(id, std::move(reply));
  const Time retry_at = after(clock_.now(), retry_delay_ms(request.attempt++, random_));
  if (retry_at >= request.call.deadline) return finish(id, runtime_reply(kUnavailable, "the shard has no leader"));
  request.retry_at = retry_at;
}

void ActorRouter::finish(uint64_t id, stoa::Reply reply) {
  const auto found = requests_.find(id);
  const ShardWorld::OnReply on_reply = std::move(found->second.on_reply);
  deadlines_.erase({found->second.call.deadline.ms, id});
  requests_.erase(found);
  on_reply(std::move(reply));
}

void ActorRouter::tick() {
  const Time now = clock_.now();
  while (!deadlines_.empty() && deadlines_.begin()->first < now.ms) {
    finish(deadlines_.begin()->second, runtime_reply(kUnavailable, "no answer within the deadline"));
  }
  std::vector<uint64_t> due;
  for (auto& [id, request] : requests_) {
    if (request.retry_at.ms != 0 && request.retry_at <= now) due.push_back(id);
  }
  for (const uint64_t id : due) {
    const auto found = requests_.find(id);
    if (found != requests_.end()) send(id, found->second);
  }
}

}  // namespace stoa
