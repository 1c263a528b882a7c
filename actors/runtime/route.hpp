// A route as data: verb, path, who may call, and how a request becomes a command on a shard. From the table come
// dispatch, validation, metrics labels and the tests that try every route as every kind of caller.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/runtime/any_command.hpp"
#include "actors/runtime/page.hpp"
#include "base/call.hpp"
#include "base/outcome.hpp"
#include "base/random.hpp"

namespace stoa {

enum class Verb : uint8_t { kGet, kPost, kPut, kPatch, kDelete };

// Who may call. Roles beyond these are 403, no token is 401. Owner checks are the shard's.
enum class Access : uint8_t {
  kAnyone = 0,    // a token, if sent, must still be valid
  kHolder = 1,    // any valid token
  kCustomer = 2,  // customers; admins too where a rule lets them
  kMerchant = 3,  // merchant, admin
  kCarrier = 4,   // carrier, admin
  kAdmin = 5,
};

// What a request brings. Views are good during build() only.
struct RouteInput {
  Caller caller;
  std::vector<std::string> path;             // the values of {…}, in order
  std::map<std::string, std::string> query;  // decoded; only names that the route lists
  const nlohmann::json* body = nullptr;      // nullptr: the route takes none
  std::string if_match;                      // entity tag without quotes, "*", or empty
  std::string bearer;                        // the access token as sent, empty if none
  PageRequest page;                          // lists only: limit and decoded cursor
  Time now;
  Random* random = nullptr;  // to mint the ids that repeats must share
};

// Where a command goes.
struct Placed {
  Slot slot = 0;
  AnyCommand command;
};

// How build() ends: placed, faults in the document (400), or a refusal (404 for an id of no form, 428, ...).
struct Built {
  std::optional<Placed> placed;
  std::vector<FieldError> faults;
  std::optional<Answer> refusal;

  template <class C>
  static Built at(Slot slot, C command) {
    Built b;
    b.placed = Placed{slot, AnyCommand::of(std::move(command))};
    return b;
  }
  static Built invalid(std::vector<FieldError> faults) {
    Built b;
    b.faults = std::move(faults);
    return b;
  }
  static Built refuse(RefusalKind kind, std::string detail) {
    Built b;
    b.refusal = Outcome::refused(kind, std::move(detail)).answer;
    return b;
  }
};

struct Route {
  enum class Kind : uint8_t { kCommand, kQuery, kList };

  Verb verb = Verb::kGet;
  std::string path;  // "/v1/orders/{id}/cancel"
  Access access = Access::kAnyone;
  Kind kind = Kind::kQuery;
  uint16_t service = 0;
  std::string summary;  // one line, for the OpenAPI document
  bool takes_body = false;
  bool idempotency_key_required = false;  // honoured on every POST, required here
  bool place_by_body = false;             // the slot depends on the body: an idempotency key is claimed first
  bool all_shards = false;                // lists: ask every shard and merge
  bool may_wait = false;                  // Prefer: wait and respond-async apply
  std::string location;                   // "/v1/orders/{id}": Location of what is created, from location_id
  std::vector<std::string> query_names;   // others are refused
  // Pure: of the same request, with any ids and any later time, it is placed or refused alike. The gateway makes the
  // command of a call with an idempotency key twice, once without what each try is given anew, to compare it.
  std::function<Built(const RouteInput&)> build;
};

// HTTP status of a service's refusal codes.
struct RefusalStatus {
  std::string_view code;
  int status;
  std::string_view title;
};

}  // namespace stoa
