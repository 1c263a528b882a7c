#include "actors/runtime/outbox.hpp"

#include <map>
#include <string_view>
#include <tuple>

#include "actors/runtime/retry.hpp"

namespace stoa {
namespace {

constexpr size_t kMostFolded = 64;  // messages; more would only be a longer entry

}  // namespace

void Outbox::committed(OutboxRow row) {
  const Uuid id = row.id;
  const auto [at, fresh] = rows_.try_emplace(id);
  if (!fresh) return;
  at->second.unanswered = row.messages();
  at->second.messages.resize(row.messages());
  at->second.row = std::move(row);
  fresh_.push_back(id);
}

void Outbox::flush() {
  std::map<std::tuple<uint64_t, uint16_t, std::string_view>, Places> folded;
  for (const Uuid& id : std::exchange(fresh_, {})) {
    const auto found = rows_.find(id);
    if (found == rows_.end()) continue;
    for (size_t at = 0; at < found->second.messages.size(); ++at) {
      const OutboxMessage& m = found->second.row.message(at);
      const auto service = static_cast<uint16_t>(m.service);
      if (!world_.folds(service, m.command)) {
        send({{id, at}});
        continue;
      }
      Places& places = folded[{m.service, shard_of(world_.shards(), service, static_cast<Slot>(m.slot)), m.command}];
      places.push_back({id, at});
      if (places.size() == kMostFolded) send(std::exchange(places, {}));
    }
  }
  for (auto& [where, places] : folded) {
    if (!places.empty()) send(std::move(places));
  }
}

void Outbox::send(Places places) {
  std::vector<std::string_view> payloads;
  for (const Place& place : places) {
    rows_.at(place.row).messages[place.at].retry_at = Time{0};
    payloads.push_back(message(place).payload);
  }
  const OutboxMessage& first = message(places.front());
  Call call;
  call.caller.role = UserRole::kService;
  call.deadline = after(world_.clock().now(), kAskDeadlineMs);
  call.trace_id = rows_.at(places.front().row).row.trace_id;  // of several, the first one's
  world_.ask_encoded(static_cast<uint16_t>(first.service), static_cast<Slot>(first.slot), std::move(call),
                     first.command, payloads,
                     [this, places = std::move(places), alive = std::weak_ptr<char>(alive_)](const Reply& reply) {
                       if (alive.expired()) return;
                       for (const Place& place : places) answered(place, reply);
                     });
}

void Outbox::answered(const Place& place, const Reply& reply) {
  const auto found = rows_.find(place.row);
  if (found == rows_.end()) return;
  Message& message = found->second.messages[place.at];
  if (must_repeat(reply.answer)) {
    message.retry_at = after(world_.clock().now(), retry_delay_ms(message.attempt++, world_.random()));
    return;
  }
  if (std::exchange(message.answered, true)) return;
  if (--found->second.unanswered == 0) acked_.push_back(place.row);
}

void Outbox::tick() {
  const Time now = world_.clock().now();
  Places due;
  for (const auto& [id, sent] : rows_) {
    for (size_t at = 0; at < sent.messages.size(); ++at) {
      const Time retry_at = sent.messages[at].retry_at;
      if (retry_at.ms != 0 && retry_at <= now) due.push_back({id, at});
    }
  }
  for (const Place& place : due) send({place});
}

void Outbox::clear() {
  rows_.clear();
  fresh_.clear();
  acked_.clear();
  alive_ = std::make_shared<char>();
}

}  // namespace stoa
