#include "actors/runtime/outbox.hpp"

#include "actors/runtime/retry.hpp"

namespace stoa {

void Outbox::committed(const OutboxRow& row) {
  const auto [at, fresh] = rows_.try_emplace(row.id);
  if (!fresh) return;
  at->second.row = row;
  send(at->second);
}

void Outbox::send(Sent& sent) {
  sent.retry_at = Time{0};
  Call call;
  call.caller.role = UserRole::kService;
  call.deadline = after(world_.clock().now(), kAskDeadlineMs);
  call.trace_id = sent.row.trace_id;
  world_.ask_encoded(static_cast<uint16_t>(sent.row.service), static_cast<Slot>(sent.row.slot), std::move(call),
                     sent.row.command, sent.row.payload,
                     [this, id = sent.row.id, alive = std::weak_ptr<char>(alive_)](Reply reply) {
                       if (!alive.expired()) answered(id, reply);
                     });
}

void Outbox::answered(const Uuid& id, const Reply& reply) {
  const auto found = rows_.find(id);
  if (found == rows_.end()) return;
  if (must_repeat(reply.answer)) {
    found->second.retry_at = after(world_.clock().now(), retry_delay_ms(found->second.attempt++, world_.random()));
    return;
  }
  acked_.push_back(id);
  on_acked_();
}

void Outbox::tick() {
  const Time now = world_.clock().now();
  for (auto& [id, sent] : rows_) {
    if (sent.retry_at.ms != 0 && sent.retry_at <= now) send(sent);
  }
}

void Outbox::clear() {
  rows_.clear();
  acked_.clear();
  alive_ = std::make_shared<char>();
}

}  // namespace stoa
