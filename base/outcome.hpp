// What became of a command: done with a reply, refused, or to be answered later by a decision.
// A refusal is a value of the domain, as good an answer as any; it is never an Error.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/id.hpp"
#include "base/record.hpp"

namespace stoa {

// A kind of refusal, declared once in a service's types.hpp. `code` is stable and part of the public contract.
struct RefusalKind {
  std::string_view code;
};

// How a command that was done ended; the gateway's routes turn it into 200, 201, 202, 204.
enum class Done : uint8_t { kOk = 0, kCreated = 1, kAccepted = 2, kNoContent = 3 };

// What the caller gets, and what an idempotency record keeps. Equal records give equal bytes on the wire.
struct Answer {
  std::string code;                // empty: done; otherwise a refusal's code
  std::string detail;              // for a person; empty when done
  std::vector<FieldError> errors;  // which fields a refusal is about
  uint32_t done = 0;               // a Done
  std::string body;                // JSON for clients, an encoded record between services
  std::string location_id;         // id of what was created, empty if nothing was
  std::string tag;                 // entity tag without quotes, empty if none
  std::string trace_id;            // of the call that was first answered so

  bool refused() const { return !code.empty(); }
};

template <class V>
void fields(V& v, Answer& x) {
  v(1, "code", x.code);
  v(2, "detail", x.detail);
  v(3, "errors", x.errors);
  v(4, "done", x.done);
  v(5, "body", x.body);
  v(6, "location_id", x.location_id);
  v(7, "tag", x.tag);
  v(8, "trace_id", x.trace_id);
}

class [[nodiscard]] Outcome {
 public:
  static Outcome done(Done how, std::string body) {
    Outcome o;
    o.answer.done = static_cast<uint32_t>(how);
    o.answer.body = std::move(body);
    return o;
  }
  static Outcome refused(RefusalKind kind, std::string detail, std::vector<FieldError> errors = {}) {
    Outcome o;
    o.answer.code = kind.code;
    o.answer.detail = std::move(detail);
    o.answer.errors = std::move(errors);
    return o;
  }
  // The caller is answered by Transaction::answer(token, ...) of a later command.
  static Outcome later(Uuid token) {
    Outcome o;
    o.token = token;
    return o;
  }

  // Names what was created or changed, for Location and ETag.
  Outcome at(std::string location_id) && { return answer.location_id = std::move(location_id), std::move(*this); }
  Outcome tagged(std::string tag) && { return answer.tag = std::move(tag), std::move(*this); }

  bool is_later() const { return token.has_value(); }
  bool is_refused() const { return answer.refused(); }

  Answer answer;
  std::optional<Uuid> token;  // set: answered later
};

// For a client: the body is the record as JSON.
template <class R>
Outcome ok(const R& record) {
  return Outcome::done(Done::kOk, to_json(record));
}
template <class R>
Outcome created(const R& record) {
  return Outcome::done(Done::kCreated, to_json(record));
}
template <class R>
Outcome accepted(const R& record) {
  return Outcome::done(Done::kAccepted, to_json(record));
}
inline Outcome no_content() { return Outcome::done(Done::kNoContent, {}); }

// Between services: the body is the record encoded.
template <class R>
Outcome reply(const R& record) {
  return Outcome::done(Done::kOk, encode(record));
}

inline Outcome refuse(RefusalKind kind, std::string detail, std::vector<FieldError> errors = {}) {
  return Outcome::refused(kind, std::move(detail), std::move(errors));
}

// Refusals that any service may give.
inline constexpr RefusalKind kValidationFailed{"validation_failed"};
inline constexpr RefusalKind kNotFound{"not_found"};
inline constexpr RefusalKind kForbidden{"forbidden"};
inline constexpr RefusalKind kIllegalTransition{"illegal_transition"};
inline constexpr RefusalKind kStaleVersion{"stale_version"};
inline constexpr RefusalKind kUnauthenticated{"unauthenticated"};

// Answers of the runtime itself, never recorded; the router repeats the first two within the deadline.
inline constexpr RefusalKind kNotLeader{"not_leader"};      // detail: name of the node that leads, or empty
inline constexpr RefusalKind kUnknownFate{"unknown_fate"};  // lead lost with the proposal in flight
inline constexpr RefusalKind kOverloaded{"overloaded"};
inline constexpr RefusalKind kUnavailable{"unavailable"};
inline constexpr RefusalKind kStorageFull{"storage_full"};
inline constexpr RefusalKind kIdempotencyKeyReused{"idempotency_key_reused"};
inline constexpr RefusalKind kIdempotencyInFlight{"idempotency_in_flight"};

}  // namespace stoa
