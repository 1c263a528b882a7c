#include "actors/runtime/idempotency.hpp"

#include <utility>
#include <vector>

#include "actors/runtime/packed_text.hpp"
#include "actors/runtime/sealed_text.hpp"
#include "base/check.hpp"

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
  Uuid token;
  bool answered = false;
  Time at;
};
template <class V>
void fields(V& v, AnswerOutline& x) {
  v(1, "name", x.name);
  v(3, "request", x.request);
  v(4, "token", x.token);
  v(5, "answered", x.answered);
  v(7, "at", x.at);
}

bool is_answered(const AnswerOutline& row, const Reader& reader) {
  return row.answered || (!row.token.is_nil() && !is_open(row.token, reader));
}

// Late answers that nothing leads to any more: passing refusals under a key that another request has taken since. Their
// tokens rise with time, and a command's answer comes long before its key is forgotten, so the first that is not twice
// as old ends it, and the next sweep goes on from there: below lies what was erased, in many tombstones. What came out
// of order, or whose erasure was lost with its entry, is found by the next leader.
size_t sweep_left_behind(Transaction& tx, Uuid& from, size_t most) {
  std::vector<Uuid> old;
  tx.scan_from<LateAnswerRow>(from, [&](const LateAnswerRow& row) {
    from = row.token;
    if (after(row.token.time(), 2 * kKeyRetentionMs) >= tx.now()) return false;
    old.push_back(row.token);
    return old.size() < most;
  });
  for (const Uuid& token : old) tx.erase<LateAnswerRow>(token);
  return old.size();
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

void pack(Answer& answer, bool& packed) {
  std::string small = pack_text(answer.body);
  if (small.size() >= answer.body.size()) return;
  answer.body = std::move(small);
  packed = true;
}

void unpack(Answer& answer, bool& packed) {
  if (!packed) return;
  auto body = unpack_text(answer.body);
  STOA_CHECK(body.has_value(), "a recorded answer can be read");
  answer.body = std::move(*body);
  packed = false;
}

// The row with its answer in it, wherever that stands and however it is kept.
std::optional<AnswerRow> find_answer(const std::string& name, const Transaction& tx) {
  auto row = tx.find<AnswerRow>(name);
  if (!row) return row;
  if (!row->answered && !row->token.is_nil()) {
    if (auto late = tx.find<LateAnswerRow>(row->token)) {
      row->answered = true;
      row->answer = std::move(late->answer);
      row->packed = late->packed;
    }
  }
  unpack(row->answer, row->packed);
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
  auto row = find_answer(name, tx);
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
  row.sealed = !call.seal_key.empty();
  if (row.sealed)
    row.answer.body = seal_text(call.seal_key, answer.body);
  else
    pack(row.answer, row.packed);
  tx.put(row);
}

void record_pending(const Call& call, Uuid token, Transaction& tx) {
  AnswerRow row = new_row(call, tx);
  if (row.name.empty()) return;
  row.token = token;
  tx.put(row);
}

void record_late(Uuid token, const Answer& answer, Transaction& tx) {
  if (!is_open(token, tx)) return;
  LateAnswerRow row{token, answer};
  pack(row.answer, row.packed);
  tx.put(row);
}

bool is_open(Uuid token, const Reader& reader) { return !reader.find<LateAnswerRow>(token).has_value(); }

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
  std::vector<AnswerOutline> answers;
  std::vector<std::string> claims;
  // Request ids rise with time: the first that must stay ends it.
  tx.scan<AnswerOutline>(std::string("r"), false, [&](const AnswerOutline& row) {
    const Time since = row.at < row.request.uuid.time() ? row.request.uuid.time() : row.at;
    if (after(since, kRequestRetentionMs) >= tx.now() || !is_answered(row, tx)) return false;
    answers.push_back(row);
    return answers.size() < most;
  });
  size_t looked = 0;
  std::string from = std::exchange(cursor.keyed, {});
  const std::string start = from.empty() ? std::string("k") : from;
  tx.scan_after<AnswerOutline>(std::string("k"), start, false, [&](const AnswerOutline& row) {
    if (after(row.at, kKeyRetentionMs) < tx.now() && is_answered(row, tx)) answers.push_back(row);
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
  for (const AnswerOutline& row : answers) {
    tx.erase<AnswerRow>(row.name);
    if (!row.answered) tx.erase<LateAnswerRow>(row.token);
  }
  for (const auto& scope : claims) tx.erase<ClaimRow>(scope);
  return answers.size() + claims.size() + sweep_left_behind(tx, cursor.late, most);
}

}  // namespace stoa
