// One effect and one answer per idempotency key and per request id. The records are written in the commit of the effect
// itself, so they survive what the effect survives.
//
// Sources: contract §4 Idempotency (what is recorded, and for how long).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "actors/runtime/claim_key.hpp"
#include "actors/runtime/reply.hpp"
#include "base/call.hpp"
#include "storage/transaction.hpp"

namespace stoa {

constexpr int64_t kKeyRetentionMs = 24 * 3600 * 1000;
constexpr int64_t kRequestRetentionMs = 60 * 1000;
constexpr int64_t kRequestMaxAgeMs = 30 * 1000;

// What was answered under a key: an idempotency scope, or a request id's bytes where the call had no key.
struct AnswerRow {
  static constexpr Table kTable = 200;
  std::string name;
  std::string body_hash;
  RequestId request;
  Uuid token;  // of the LateAnswerRow that holds the answer once it is given; nil: `answer` is it
  bool answered = false;
  Answer answer;
  Time at;
  bool keyed = false;   // by an idempotency key
  bool sealed = false;  // the answer's body, under the seal key of its call
  bool packed = false;  // the answer's body, by pack_text()

  const std::string& key() const { return name; }
};
template <class V>
void fields(V& v, AnswerRow& x) {
  v(1, "name", x.name);
  v(2, "body_hash", x.body_hash);
  v(3, "request", x.request);
  v(4, "token", x.token);
  v(5, "answered", x.answered);
  v(6, "answer", x.answer);
  v(7, "at", x.at);
  v(8, "keyed", x.keyed);
  v(9, "sealed", x.sealed);
  v(10, "packed", x.packed);
}

// An answer that came after the command's commit. Its own row, so that what stands in the AnswerRow is written, and
// replicated, once. Table 204 was that of the rows that led from a token to its AnswerRow, and is not used again.
struct LateAnswerRow {
  static constexpr Table kTable = 206;
  Uuid token;
  Answer answer;
  bool packed = false;  // the answer's body, by pack_text()

  Uuid key() const { return token; }
};
template <class V>
void fields(V& v, LateAnswerRow& x) {
  v(1, "token", x.token);
  v(2, "answer", x.answer);
  v(3, "packed", x.packed);
}

struct ClaimRow {
  static constexpr Table kTable = 205;
  std::string scope;
  std::string body_hash;
  Time at;

  const std::string& key() const { return scope; }
};
template <class V>
void fields(V& v, ClaimRow& x) {
  v(1, "scope", x.scope);
  v(2, "body_hash", x.body_hash);
  v(3, "at", x.at);
}

// What is known of a call before its rule runs.
struct Seen {
  std::optional<Reply> reply;  // answer this, run nothing
  std::optional<Uuid> join;    // the same request is in flight: wait for its late answer
};
// `clock` is the node's clock, not the transaction's time: that may be ahead after the clock was set back or the lead
// has moved, and would make every new request look old.
Seen seen_before(const Call& call, const Transaction& tx, Time clock);

// Whether a refusal is an answer for ever under its key; others may be tried again.
bool is_recorded_refusal(std::string_view code);

// Records the answer of a call that was done (or refused for ever). No-op for calls without key and request id.
// With a seal key the body is kept so that only a repeat of the same call can read it.
void record_answer(const Call& call, const Answer& answer, Transaction& tx);
// Records that the answer comes later under the token.
void record_pending(const Call& call, Uuid token, Transaction& tx);
// The late answer. Repeats of it change nothing: the first one stands. A refusal that is not for ever is kept for the
// request that it answers, which may be repeated on the way; under its key another request may try again.
void record_late(Uuid token, const Answer& answer, Transaction& tx);
// Whether the late answer of a command that waits for it is still to come.
bool is_open(Uuid token, const Reader& reader);

// Rule of ClaimKey.
Outcome claim_key(const ClaimKey& command, const Call& call, Transaction& tx);

// Where a sweep goes on: rows under keys stand in no order of time, so each sweep looks at some and the next at others.
struct SweepCursor {
  std::string keyed;
  std::string claims;
  Uuid late;
};
// Erases rows past their retention; looks at no more than `most` of each kind. Returns how many were erased.
size_t sweep_answers(Transaction& tx, SweepCursor& cursor, size_t most);

}  // namespace stoa
