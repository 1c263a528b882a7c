#include "actors/runtime/saga_runner.hpp"

#include <algorithm>

#include "actors/runtime/retry.hpp"

namespace stoa {
namespace {

// A decision is handed over again when the saga is still open after this: only a lost proposal leaves it so.
constexpr int64_t kDecideAgainMs = 2000;

}  // namespace

void SagaRunner::proposed(const SagaRow& row) {
  const auto [at, fresh] = open_.try_emplace(row.id);
  if (!fresh) return;
  at->second.row = row;
  advance(at->second);
}

void SagaRunner::committed(const SagaRow& row) {
  Open& open = open_[row.id];
  open.row = row;
  open.durable = true;
  open.decide_again = Time{0};
  advance(open);
}

void SagaRunner::advance(Open& open) {
  if (open.row.waits || open.decide_again.ms != 0) return;
  const auto plan = plans_.find(open.row.kind);
  STOA_CHECK(plan != plans_.end(), "a saga's kind names a plan of its service");
  SagaStep step = plan->second(open.row, open.replies, world_.shards());
  for (SagaAsk& ask : step.asks) {
    const auto [at, fresh] = open.questions.try_emplace(ask.key);
    if (fresh) at->second.ask = std::move(ask);
  }
  for (auto& [key, question] : open.questions) {
    if (!question.left && (open.durable || !question.ask.charges)) send(open, question);
  }
  if (step.decision && open.durable) {
    open.decide_again = after(world_.clock().now(), kDecideAgainMs);
    decide_(open.row.id, std::move(*step.decision), open.row.trace_id);
  }
}

void SagaRunner::send(Open& open, Question& question) {
  question.left = true;
  question.retry_at = Time{0};
  Call call;
  call.caller.role = UserRole::kService;
  call.deadline = after(world_.clock().now(), kAskDeadlineMs);
  call.trace_id = open.row.trace_id;
  world_.ask(question.ask.service, question.ask.slot, std::move(call), question.ask.command,
             [this, id = open.row.id, key = question.ask.key, alive = std::weak_ptr<char>(alive_)](Reply reply) {
               if (!alive.expired()) replied(id, key, reply);
             });
}

void SagaRunner::replied(const Uuid& id, const std::string& key, const Reply& reply) {
  const auto found = open_.find(id);
  if (found == open_.end()) return;
  Open& open = found->second;
  if (must_repeat(reply.answer)) {
    Question& question = open.questions.at(key);
    question.retry_at = after(world_.clock().now(), retry_delay_ms(question.attempt++, world_.random()));
    return;
  }
  if (open.replies.emplace(key, reply.answer).second) advance(open);
}

void SagaRunner::tick() {
  const Time now = world_.clock().now();
  for (auto& [id, open] : open_) {
    if (open.decide_again.ms != 0 && open.decide_again <= now) {
      open.decide_again = Time{0};
      advance(open);
    }
    for (auto& [key, question] : open.questions) {
      if (question.retry_at.ms != 0 && question.retry_at <= now) send(open, question);
    }
  }
}

void SagaRunner::clear() {
  open_.clear();
  alive_ = std::make_shared<char>();
}

Time SagaRunner::oldest() const {
  Time oldest{0};
  for (const auto& [id, open] : open_) {
    if (oldest.ms == 0 || open.row.begun < oldest) oldest = open.row.begun;
  }
  return oldest;
}

}  // namespace stoa
