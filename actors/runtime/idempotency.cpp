#include "actors/runtime/idempotency.hpp"

#include <utility>
#include <vector>

#include "actors/runtime/sealed_text.hpp"

namespace stoa {
namespace {

// The row's name: keys and request ids must never meet, so each has its own first byte.
std::string row_name(const Call& call) {
  if (!call.idempotency_scope.empty()) return "k" + call.idempotency_scope;
  if (!call.request.is_nil()) return "r" + call.request.uuid.bytes();
  return {};
}

// What a sweep looks at of an AnswerRow: reading it skips the answer.
struct AnswerOutline {
  static constexpr Table kTable = AnswerRow::kTable;
  std::string name;
  RequestId request;
  bool answered = false;
  Time at;
};
template <class V>
void fields(V& v, AnswerOutline& x) {
  v(1, "name", x.name);
  v(3, "request", x.request);
  v(5, "answered", x.answered);
  v(7, "at", x.at);
}

AnswerRow new_row(const Call& call, const Transaction& tx) {
  AnswerRow row;
  row.name = row_name(call);
  row.body_hash = call.body_hash;
  row.request = call.request;
  row.at = tx.now();
  row.keyed = !call.idempotency_scope.empty();
  return row;
}

// Whether a call must take the row's answer, or wait for it: another request's passing refusal binds nobody.
bool binds(const AnswerRow& row, const Call& call) {
  if (!row.answered || row.request == call.request || !row.answer.refused()) return true;
  return is_recorded_refusal(row.answer.code);
}

Seen recorded(AnswerRow row, const Call& call) {
  if (row.sealed) {
    auto body = unseal_text(call.seal_key, row.answer.body);
    if (!body) return {runtime_reply(kUnavailable, "the first answer cannot be opened"), {}};
    row.answer.body = std::move(*body);
  }
  const bool replayed = row.request != call.request;
  return {Reply{std::move(row.answer), replayed}, {}};
}

}  // namespace

Seen seen_before(const Call& call, const Transaction& tx, Time clock) {
  const std::string name = row_name(call);
  if (name.empty()) return {};
  auto row = tx.find<AnswerRow>(name);
  if (!row || !binds(*row, call)) {
    // Its record may have been swept already, so an old request must not run as if it were new.
    const bool stale = !call.request.is_nil() && after(call.request.uuid.time(), kRequestMaxAgeMs) < clock;
    if (stale) return {runtime_reply(kUnavailable, "the request is too old to be repeated"), {}};
    return {};
  }
  if (row->body_hash != call.body_hash) {
    return {runtime_reply(kIdempotencyKeyReused, "the key was used with another body"), {}};
  }
  if (row->answered) return recorded(std::move(*row), call);
  if (row->request == call.request) return {{}, row->token};
  return {runtime_reply(kIdempotencyInFlight, "the first request with this key is still being processed"), {}};
}

bool is_recorded_refusal(std::string_view code) {
  return code == "payment_declined" || code == "out_of_stock" || code == "unknown_product" ||
         code == "currency_mismatch";
}

void record_answer(const Call& call, const Answer& answer, Transaction& tx) {
  AnswerRow row = new_row(call, tx);
  if (row.name.empty()) return;
  row.answered = true;
  row.answer = answer;
  if (!call.seal_key.empty()) {
    row.sealed = true;
    row.answer.body = seal_text(call.seal_key, answer.body);
  }
  tx.put(row);
}

void record_pending(const Call& call, Uuid token, Transaction& tx) {
  AnswerRow row = new_row(call, tx);
  if (row.name.empty()) return;
  row.token = token;
  tx.put(row);
  tx.put(OpenAnswerRow{token, row.name});
}

void record_late(Uuid token, const Answer& answer, Transaction& tx) {
  const auto open = tx.find<OpenAnswerRow>(token);
  if (!open) return;
  tx.erase<OpenAnswerRow>(token);
  auto row = tx.find<AnswerRow>(open->name);
  if (!row || row->answered) return;
  row->answered = true;
  row->answer = answer;
  tx.put(*row);
}

bool is_open(Uuid token, const Reader& reader) { return reader.find<OpenAnswerRow>(token).has_value(); }

Outcome claim_key(const ClaimKey& command, const Call&, Transaction& tx) {
  const auto row = tx.find<ClaimRow>(command.scope);
  if (command.gives_back) {
    if (row && row->body_hash == command.body_hash) tx.erase<ClaimRow>(command.scope);
    return no_content();
  }
  if (row && row->body_hash != command.body_hash) {
    return refuse(kIdempotencyKeyReused, "the key was used with another body");
  }
  if (!row) tx.put(ClaimRow{command.scope, command.body_hash, tx.now()});
  return no_content();
}

size_t sweep_answers(Transaction& tx, SweepCursor& cursor, size_t most) {
  std::vector<std::string> answers, claims;
  // Request ids rise with time: the first that must stay ends it.
  tx.scan<AnswerOutline>(std::string("r"), false, [&](const AnswerOutline& row) {
    const Time since = row.at < row.request.uuid.time() ? row.request.uuid.time() : row.at;
    if (!row.answered || after(since, kRequestRetentionMs) >= tx.now()) return false;
    answers.push_back(row.name);
    return answers.size() < most;
  });
  size_t looked = 0;
  std::string from = std::exchange(cursor.keyed, {});
  const std::string start = from.empty() ? std::string("k") : from;
  tx.scan_after<AnswerOutline>(std::string("k"), start, false, [&](const AnswerOutline& row) {
    if (row.answered && after(row.at, kKeyRetentionMs) < tx.now()) answers.push_back(row.name);
    if (++looked < most) return true;
    cursor.keyed = row.name;
    return false;
  });
  looked = 0;
  from = std::exchange(cursor.claims, {});
  tx.scan_after<ClaimRow>(std::tuple<>(), from, false, [&](const ClaimRow& row) {
    if (after(row.at, kKeyRetentionMs) < tx.now()) claims.push_back(row.scope);
    if (++looked < most) return true;
    cursor.claims = row.scope;
    return false;
  });
  for (const auto& name : answers) tx.erase<AnswerRow>(name);
  for (const auto& scope : claims) tx.erase<ClaimRow>(scope);
  return answers.size() + claims.size();
}

}  // namespace stoa
