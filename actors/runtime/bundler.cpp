#include "actors/runtime/bundler.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "actors/runtime/bundle.hpp"
#include "base/check.hpp"

namespace stoa {
namespace {

void answer_each(const std::vector<ShardWorld::OnReply>& on_replies, Reply reply) {
  if (!reply.answer.refused()) {
    auto each = decode<BundleAnswers>(reply.answer.body);
    if (each && each->answers.size() == on_replies.size()) {
      for (size_t i = 0; i < on_replies.size(); ++i) on_replies[i]({std::move(each->answers[i]), false});
      return;
    }
    reply = runtime_reply(kUnknownFate, "a bundle was not answered in full");
  }
  for (const ShardWorld::OnReply& on_reply : on_replies) on_reply(reply);
}

}  // namespace

void Bundler::ask(uint16_t service, Slot slot, Call call, AnyCommand command, ShardWorld::OnReply on_reply) {
  add(service, {slot, std::move(call), std::move(command), {}, {}, std::move(on_reply)});
}

void Bundler::ask_encoded(uint16_t service, Slot slot, Call call, const std::string& command, std::string payload,
                          ShardWorld::OnReply on_reply) {
  add(service, {slot, std::move(call), {}, command, std::move(payload), std::move(on_reply)});
}

void Bundler::add(uint16_t service, Asked asked) {
  const GroupId group{service, shard_of(router_.directory().counts, service, asked.slot)};
  std::vector<Asked>& waiting = asked_[group];
  waiting.push_back(std::move(asked));
  if (waiting.size() == kMost) send(group, std::exchange(waiting, {}));
}

bool Bundler::flush() {
  bool any = false;
  for (auto& [group, waiting] : asked_) {
    if (waiting.empty()) continue;
    any = true;
    send(group, std::exchange(waiting, {}));
  }
  return any;
}

void Bundler::send_alone(GroupId group, Asked asked) {
  if (!asked.command) {
    const CommandTable::Entry* entry = router_.directory().commands.at(group.service)->find(asked.name);
    asked.command = entry->revive(asked.payload);
    STOA_CHECK(asked.command.has_value(), "a stored command decodes");
  }
  router_.try_once(group.service, asked.slot, std::move(asked.call), std::move(*asked.command),
                   std::move(asked.on_reply));
}

void Bundler::send(GroupId group, std::vector<Asked> asked) {
  if (asked.size() == 1) return send_alone(group, std::move(asked.front()));
  Call call;
  call.caller.role = UserRole::kService;
  call.deadline = asked.front().call.deadline;
  call.trace_id = asked.front().call.trace_id;
  Bundle bundle;
  auto on_replies = std::make_shared<std::vector<ShardWorld::OnReply>>();  // the callback must be copyable
  for (Asked& one : asked) {
    call.deadline = std::min(call.deadline, one.call.deadline);
    std::string name = one.command ? std::string(one.command->name()) : std::move(one.name);
    std::string payload = one.command ? one.command->encoded() : std::move(one.payload);
    bundle.commands.push_back({std::move(name), std::move(payload), std::move(one.call.trace_id)});
    on_replies->push_back(std::move(one.on_reply));
  }
  router_.try_once(group.service, asked.front().slot, std::move(call), AnyCommand::of(std::move(bundle)),
                   [on_replies](Reply reply) { answer_each(*on_replies, std::move(reply)); });
}

}  // namespace stoa
