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
  send_allowed(open);
  advance(open);
}

const SagaKind& SagaRunner::kind_of(const Open& open) const {
  const auto kind = kinds_.find(open.row.kind);
  STOA_CHECK(kind != kinds_.end(), "a saga's kind is one of its service");
  return kind->second;
}

void SagaRunner::advance(Open& open) {
  if (open.row.waits || open.decide_again.ms != 0 || open.replies.size() < open.questions.size()) return;
  SagaStep step = kind_of(open).plan(open.row, open.replies, world_.shards());
  for (SagaAsk& ask : step.asks) {
    const bool asked = std::any_of(open.questions.begin(), open.questions.end(),
                                   [&](const Question& q) { return q.ask.key == ask.key; });
    if (!asked) open.questions.push_back({std::move(ask), 0, Time{0}, false});
  }
  send_allowed(open);
  if (step.decision && open.durable) {
    open.decide_again = after(world_.clock().now(), kDecideAgainMs);
    decide_(open.row.id, std::move(*step.decision), open.row.trace_id);
  }
}

void SagaRunner::send_allowed(Open& open) {
  for (size_t at = 0; at < open.questions.size(); ++at) {
    const Question& question = open.questions[at];
    if (!question.left && (open.durable || !question.ask.charges)) send(open, at);
  }
}

void SagaRunner::send(Open& open, size_t at) {
  Question& question = open.questions[at];
  question.left = true;
  question.retry_at = Time{0};
  Call call;
  call.caller.role = UserRole::kService;
  call.deadline = after(world_.clock().now(), kAskDeadlineMs);
  call.trace_id = open.row.trace_id;
  world_.ask(question.ask.service, question.ask.slot, std::move(call), question.ask.command,
             [this, id = open.row.id, at, alive = std::weak_ptr<char>(alive_)](Reply reply) {
               if (!alive.expired()) replied(id, at, std::move(reply));
             });
}

void SagaRunner::replied(const Uuid& id, size_t at, Reply&& reply) {
  const auto found = open_.find(id);
  if (found == open_.end()) return;
  Open& open = found->second;
  Question& question = open.questions.at(at);
  if (must_repeat(reply.answer)) {
    question.retry_at = after(world_.clock().now(), retry_delay_ms(question.attempt++, world_.random()));
    return;
  }
  if (open.replies.emplace(question.ask.key, std::move(reply.answer)).second) advance(open);
}

void SagaRunner::tick() {
  const Time now = world_.clock().now();
  for (auto& [id, open] : open_) {
    if (open.decide_again.ms != 0 && open.decide_again <= now) {
      open.decide_again = Time{0};
      advance(open);
    }
    if (open.durable && open.row.until.ms != 0 && open.row.until <= now) {
      decide_(id, kind_of(open).expire(open.row), open.row.trace_id);
      open.row.until = after(now, kDecideAgainMs);
    }
    for (size_t at = 0; at < open.questions.size(); ++at) {
      const Time retry_at = open.questions[at].retry_at;
      if (retry_at.ms != 0 && retry_at <= now) send(open, at);
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
