// The envelope of a command or query: who calls, which try of what, until when, and under which trace.
#pragma once

#include <cstdint>
#include <string>

#include "base/id.hpp"
#include "base/record.hpp"
#include "base/time.hpp"

namespace stoa {

enum class UserRole : uint8_t { kAnonymous = 0, kCustomer = 1, kMerchant = 2, kCarrier = 3, kAdmin = 4, kService = 5 };

inline constexpr EnumName<UserRole> kUserRoleNames[] = {
    {UserRole::kAnonymous, "anonymous"}, {UserRole::kCustomer, "customer"}, {UserRole::kMerchant, "merchant"},
    {UserRole::kCarrier, "carrier"},     {UserRole::kAdmin, "admin"},       {UserRole::kService, "service"}};
constexpr auto enum_names(UserRole) { return EnumNames<UserRole>(kUserRoleNames); }

struct Caller {
  UserId user;  // nil when anonymous or a service of this cluster
  UserRole role = UserRole::kAnonymous;

  bool is(UserRole r) const { return role == r; }
};

template <class V>
void fields(V& v, Caller& x) {
  v(1, "user", x.user);
  v(2, "role", x.role);
}

struct Call {
  Caller caller;
  RequestId request;              // minted once by the gateway; repeats of the same call carry the same. Nil for reads
  std::string idempotency_scope;  // hash of (principal, method, path, key); empty without an Idempotency-Key
  std::string body_hash;          // hash of the decoded command; set with idempotency_scope
  Time deadline;                  // wall clock; work whose deadline has passed is dropped before it starts
  std::string trace_id;           // 32 hex digits of the W3C trace
  int64_t wait_ms = -1;           // Prefer: wait, bounded by the gateway; 0: respond-async; -1: the default
  std::string seal_key;           // 32 bytes under which a recorded answer is kept; empty: its answer is no secret
};

template <class V>
void fields(V& v, Call& x) {
  v(1, "caller", x.caller);
  v(2, "request", x.request);
  v(3, "idempotency_scope", x.idempotency_scope);
  v(4, "body_hash", x.body_hash);
  v(5, "deadline", x.deadline);
  v(6, "trace_id", x.trace_id);
  v(7, "wait_ms", x.wait_ms);
  v(8, "seal_key", x.seal_key);
}

}  // namespace stoa
