#include "actors/runtime/outbox.hpp"

#include "actors/runtime/retry.hpp"

namespace stoa {

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
  for (const Uuid& id : std::exchange(fresh_, {})) {
    const auto found = rows_.find(id);
    if (found == rows_.end()) continue;
    for (size_t at = 0; at < found->second.messages.size(); ++at) send(id, found->second, at);
  }
}

void Outbox::send(const Uuid& id, Sent& sent, size_t at) {
  sent.messages[at].retry_at = Time{0};
  const OutboxMessage& message = sent.row.message(at);
  Call call;
  call.caller.role = UserRole::kService;
  call.deadline = after(world_.clock().now(), kAskDeadlineMs);
  call.trace_id = sent.row.trace_id;
  world_.ask_encoded(static_cast<uint16_t>(message.service), static_cast<Slot>(message.slot), std::move(call),
                     message.command, message.payload,
                     [this, id, at, alive = std::weak_ptr<char>(alive_)](Reply reply) {
                       if (!alive.expired()) answered(id, at, reply);
                     });
}

void Outbox::answered(const Uuid& id, size_t at, const Reply& reply) {
  const auto found = rows_.find(id);
  if (found == rows_.end()) return;
  Message& message = found->second.messages[at];
  if (must_repeat(reply.answer)) {
    message.retry_at = after(world_.clock().now(), retry_delay_ms(message.attempt++, world_.random()));
    return;
  }
  if (std::exchange(message.answered, true)) return;
  if (--found->second.unanswered == 0) acked_.push_back(id);
}

void Outbox::tick() {
  const Time now = world_.clock().now();
  for (auto& [id, sent] : rows_) {
    for (size_t at = 0; at < sent.messages.size(); ++at) {
      const Time retry_at = sent.messages[at].retry_at;
      if (retry_at.ms != 0 && retry_at <= now) send(id, sent, at);
    }
  }
}

void Outbox::clear() {
  rows_.clear();
  fresh_.clear();
  acked_.clear();
  alive_ = std::make_shared<char>();
}

}  // namespace stoa
