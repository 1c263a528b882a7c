// The filters that see the body, the call to the shards, and the answer.
#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "actors/runtime/claim_key.hpp"
#include "actors/runtime/idempotency.hpp"
#include "base/json.hpp"
#include "gateway/cursor.hpp"
#include "gateway/encode.hpp"
#include "gateway/entity_tag.hpp"
#include "gateway/idempotency_key.hpp"
#include "gateway/page_merge.hpp"
#include "gateway/pipeline.hpp"
#include "gateway/prefer.hpp"
#include "gateway/query_string.hpp"

namespace stoa {
namespace {

using nlohmann::json;

// Where passwords are tried, and where deleting ends the caller's token.
constexpr std::string_view kLoginPath = "/v1/sessions";
constexpr std::string_view kTokenEndsAt[] = {"/v1/sessions/current", "/v1/users/me"};
constexpr int64_t kMostItems = 100;
constexpr Time kNoTime{int64_t{1} << 46};  // later than anything that a request may speak of, as having happened

class NoRandom final : public Random {
 public:
  uint64_t u64() override { return 0; }
};

bool may_call(Access access, UserRole role) {
  const auto either = [&](UserRole r) { return role == r || role == UserRole::kAdmin; };
  switch (access) {
    case Access::kAnyone:
    case Access::kHolder:
      return true;
    case Access::kCustomer:
      return either(UserRole::kCustomer);
    case Access::kMerchant:
      return either(UserRole::kMerchant);
    case Access::kCarrier:
      return either(UserRole::kCarrier);
    case Access::kAdmin:
      return role == UserRole::kAdmin;
  }
  return false;
}

std::string principal_of(const Exchange& ex) { return ex.has_token ? ex.caller.user.text() : "anyone"; }

bool gives_tokens(const Route& route) {
  return route.verb == Verb::kPost && route.path.compare(0, kLoginPath.size(), kLoginPath) == 0;
}

bool ends_token(const Route& route) {
  const auto* end = std::end(kTokenEndsAt);
  return route.verb == Verb::kDelete && std::find(std::begin(kTokenEndsAt), end, route.path) != end;
}

// Whether the call is known to have come to nothing that is kept under its key.
bool frees_key(const Answer& answer) {
  constexpr std::string_view kUndecided[] = {kNotLeader.code,  kUnknownFate.code,         kUnavailable.code,
                                             kOverloaded.code, kIdempotencyInFlight.code, kIdempotencyKeyReused.code,
                                             kStorageFull.code};
  const auto* end = std::end(kUndecided);
  return answer.refused() && !is_recorded_refusal(answer.code) &&
         std::find(std::begin(kUndecided), end, answer.code) == end;
}

bool read_limit(const std::map<std::string, std::string>& query, int64_t& limit) {
  const auto found = query.find("limit");
  if (found == query.end()) return true;
  const char* end = found->second.data() + found->second.size();
  const auto read = std::from_chars(found->second.data(), end, limit);
  return read.ec == std::errc() && read.ptr == end && limit >= 1 && limit <= kMostItems;
}

}  // namespace

// What is remembered of a call while its answer is awaited.
struct Pipeline::Sent {
  std::string login;  // key of the failed-login limiter
  std::string list;   // name of the list, for its next cursor
  int64_t limit = 0;
  std::optional<ClaimKey> claim;  // of the call's key; given back when nothing is kept under it
};

void Pipeline::handle(Exchange& ex) {
  const auto done = [&ex] { ex.respond(); };
  if (hot_body(ex)) return done();
  json doc;
  if (!document(ex, doc)) return done();  // 400
  if (!role(ex)) return done();           // 403
  const json* body = ex.route->takes_body ? &doc : nullptr;
  Call call;
  if (!idempotency(ex, call)) return done();  // 400
  Sent sent;
  if (!login_rate(ex, doc, sent.login)) return done();  // 429
  auto placed = build(ex, body, call, sent);            // 400, 404, 428
  if (!placed) {
    if (!sent.login.empty()) logins_.give_back(sent.login);
    return done();
  }
  const Time now = parts_.clock.now();
  call.caller = ex.caller;
  call.trace_id = ex.trace_id;
  int64_t waits_ms = 0;
  if (ex.route->may_wait) {
    const auto wanted = parse_prefer(ex.head.find("prefer"), limits_.default_wait_ms, options_.max_wait_ms);
    call.wait_ms = waits_ms = wanted.wait_ms;
    if (!wanted.applied.empty()) ex.response.add("Preference-Applied", wanted.applied);
  }
  call.deadline = after(now, options_.call_deadline_ms + waits_ms);
  // An answer is kept under its request or its key. One with tokens in it must not lie on a disk unless the client
  // asked for that with a key of its own: repeated without, such a call is simply made anew.
  const bool kept = !gives_tokens(*ex.route) || !call.idempotency_scope.empty();
  if (ex.route->kind == Route::Kind::kCommand && kept) call.request = RequestId::mint(now, placed->slot, parts_.random);
  this->call(ex, std::move(call), std::move(*placed), std::move(sent));
}

bool Pipeline::hot_body(Exchange& ex) {
  const bool asks = parts_.cache != nullptr && ex.route->verb == Verb::kGet && ex.route->access == Access::kAnyone &&
                    ex.head.query.empty() && !ex.head.has_body();
  if (!asks || ex.head.find("cache-control").find("no-cache") != std::string_view::npos) return false;
  CachedBody hit;
  if (!parts_.cache->find(ex.head.path, hit)) return false;
  Response& out = ex.response;
  if (!hit.etag.empty()) {
    out.fields.append("ETag: \"").append(hit.etag).append("\"\r\n");
    if (none_match_hits(ex.head.find("if-none-match"), hit.etag)) {
      out.status = 304;
      return true;
    }
  }
  out.lent = hit.body;
  return true;
}

bool Pipeline::document(Exchange& ex, json& doc) {
  if (!ex.route->takes_body && ex.body.empty()) return true;
  auto parsed = parse_json(ex.body);
  if (!parsed) return fail(ex, "malformed_json", parsed.error().what);
  doc = std::move(parsed).value();
  // A client that always sends an object is not refused where none is needed.
  if (!ex.route->takes_body && doc != json::object()) {
    return fail(ex, "validation_failed", "this call takes no body", {{"", "unknown_field", "this call takes no body"}});
  }
  return true;
}

bool Pipeline::role(Exchange& ex) {
  if (may_call(ex.route->access, ex.caller.role)) return true;
  return fail(ex, "forbidden", "the role " + std::string(name_of(ex.caller.role)) + " may not call this");
}

bool Pipeline::idempotency(Exchange& ex, Call& call) {
  if (ex.route->verb != Verb::kPost) return true;
  const std::string_view key = ex.head.find("idempotency-key");
  if (key.empty()) {
    if (!ex.route->idempotency_key_required) return true;
    return fail(ex, "idempotency_key_missing", "send an Idempotency-Key of your own, a UUID for example");
  }
  if (!is_idempotency_key(key)) {
    return fail(ex, "validation_failed", "an Idempotency-Key is 1 to 255 visible ASCII characters",
                {{"/headers/Idempotency-Key", "invalid_value", "1 to 255 visible ASCII characters"}});
  }
  call.idempotency_scope = idempotency_scope(principal_of(ex), "POST", ex.head.path, key);
  return true;
}

// Repeats are compared as decoded commands, so the command is made once more with what no repeat can differ in.
void Pipeline::name_command(const Route& route, RouteInput input, Call& call) {
  NoRandom none;
  input.now = kNoTime;
  input.random = &none;
  const Built built = route.build(input);
  STOA_CHECK(built.placed.has_value(), "a route builds the same of the same request");
  const std::string command = std::string(built.placed->command.name()) + '\n' + built.placed->command.encoded();
  call.body_hash = idempotency_body_hash(secret_, command);
  if (gives_tokens(route)) call.seal_key = idempotency_seal_key(secret_, call.idempotency_scope, command);
}

bool Pipeline::login_rate(Exchange& ex, const json& doc, std::string& login) {
  if (ex.route->verb != Verb::kPost || ex.route->path != kLoginPath) return true;
  const auto email = doc.is_object() ? doc.find("email") : doc.end();
  if (email == doc.end() || !email->is_string()) return true;
  std::string key = limited_address(ex.address) + "\n" + email->get<std::string>();
  std::transform(key.begin(), key.end(), key.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  // Counted before it is tried, so that many tries at once do not slip through; a success does not count.
  const auto decision = logins_.take(key, ex.began_ns);
  if (!decision.allowed) {
    ex.response.fields += rate_limit_fields("failed-logins", logins_.policy(), decision);
    return fail(ex, "rate_limited", "too many failed logins; see Retry-After");
  }
  login = std::move(key);
  return true;
}

std::optional<Placed> Pipeline::build(Exchange& ex, const json* doc, Call& call, Sent& sent) {
  const bool lists = ex.route->kind == Route::Kind::kList;
  QueryString query = parse_query(ex.head.query, lists ? ex.entry->list_names : ex.route->query_names);
  RouteInput input;
  for (const std::string_view value : ex.path_values) {
    auto decoded = percent_decoded(value, false);
    if (!decoded) return fail(ex, "not_found", "there is nothing at this path"), std::nullopt;
    input.path.push_back(std::move(*decoded));
  }
  if (lists && !read_limit(query.values, input.page.limit)) {
    query.faults.push_back({"/query/limit", "out_of_range", "a whole number from 1 to 100"});
  }
  if (const std::string_view text = ex.head.find("if-match"); !text.empty()) {
    auto tag = parse_if_match(text);
    if (!tag) query.faults.push_back({"/headers/If-Match", "invalid_value", "one entity tag in quotes, or *"});
    if (tag) input.if_match = std::move(*tag);
  }
  if (!query.faults.empty()) {
    return fail(ex, "validation_failed", "the request does not fit this call", std::move(query.faults)), std::nullopt;
  }
  if (lists) {
    sent.list = list_name(principal_of(ex), ex.head.path, query.values);
    if (const auto cursor = query.values.find("cursor"); cursor != query.values.end()) {
      const auto position = open_cursor(secret_, sent.list, cursor->second);
      if (!position) return fail(ex, "invalid_cursor", "the cursor is not one of this list"), std::nullopt;
      input.page.after_sort = position->sort;
      input.page.after_id = position->id;
    }
    sent.limit = input.page.limit;
    input.page.limit = page_ask(sent.limit);
  }
  input.caller = ex.caller;
  input.query = std::move(query.values);
  input.body = doc;
  input.bearer = ex.bearer;
  input.now = parts_.clock.now();
  input.random = &parts_.random;
  Built built = ex.route->build(input);
  if (built.placed) {
    if (!call.idempotency_scope.empty()) name_command(*ex.route, std::move(input), call);
    return std::move(built.placed);
  }
  if (built.refusal) {
    problems_.render(*built.refusal, ex.trace_id, ex.response);
  } else {
    fail(ex, "validation_failed", "the document does not fit this call", std::move(built.faults));
  }
  return std::nullopt;
}

void Pipeline::call(Exchange& ex, Call call, Placed placed, Sent sent) {
  metrics_.in_flight(+1);
  ++in_flight_;
  if (ex.route->all_shards) return call_shards(ex, std::move(call), std::move(placed), sent);
  if (!ex.route->place_by_body || call.idempotency_scope.empty()) {
    return call_shard(ex, std::move(call), std::move(placed), sent);
  }
  // Another body under this key would go to another shard, so the key's own shard is asked first.
  sent.claim = ClaimKey{call.idempotency_scope, call.body_hash, false};
  claim(*ex.route, call, *sent.claim,
        [this, keep = ex.shared_from_this(), call, placed = std::move(placed), sent](const Answer& answer, bool) {
          if (answer.refused()) return answered(*keep, answer, false, sent);
          call_shard(*keep, call, placed, sent);
        });
}

void Pipeline::claim(const Route& route, const Call& call, ClaimKey command, Router::Reply reply) {
  const Slot slot = slot_of(command.scope);
  Call claim;
  claim.caller = call.caller;
  claim.request = RequestId::mint(parts_.clock.now(), slot, parts_.random);
  claim.deadline = call.deadline;
  claim.trace_id = call.trace_id;
  parts_.router.call(route.service, slot, std::move(claim), AnyCommand::of(std::move(command)), std::move(reply));
}

void Pipeline::give_back(const Exchange& ex, ClaimKey command) {
  command.gives_back = true;
  Call call;
  call.caller = ex.caller;
  call.trace_id = ex.trace_id;
  call.deadline = after(parts_.clock.now(), options_.call_deadline_ms);
  // The answer need not wait: what the client sends next under this key meets the claim after this.
  claim(*ex.route, call, std::move(command), [](const Answer&, bool) {});
}

void Pipeline::call_shard(Exchange& ex, Call call, Placed placed, const Sent& sent) {
  parts_.router.call(ex.route->service, placed.slot, std::move(call), std::move(placed.command),
                     [this, keep = ex.shared_from_this(), sent](const Answer& answer, bool replayed) {
                       if (keep->route->kind == Route::Kind::kList) return listed(*keep, {answer}, sent);
                       answered(*keep, answer, replayed, sent);
                     });
}

void Pipeline::call_shards(Exchange& ex, Call call, Placed placed, const Sent& sent) {
  parts_.router.call_all(
      ex.route->service, std::move(call), std::move(placed.command),
      [this, keep = ex.shared_from_this(), sent](const std::vector<Answer>& answers) { listed(*keep, answers, sent); });
}

void Pipeline::answered(Exchange& ex, const Answer& answer, bool replayed, const Sent& sent) {
  metrics_.in_flight(-1);
  --in_flight_;
  if (sent.claim && frees_key(answer)) give_back(ex, *sent.claim);
  if (!sent.login.empty() && answer.code != kUnauthenticated.code) logins_.give_back(sent.login);
  if (!answer.refused() && ex.has_token && ends_token(*ex.route)) parts_.authenticator.revoke(ex.token);
  encode_answer(answer, replayed, problems_, ex);
  if (ex.response.status == 503) metrics_.rejected(ex.response.code);
  ex.respond();
}

void Pipeline::listed(Exchange& ex, const std::vector<Answer>& answers, const Sent& sent) {
  std::vector<Page> parts;
  for (const Answer& answer : answers) {
    if (answer.refused()) return answered(ex, answer, false, sent);
    auto page = decode<Page>(answer.body);
    if (!page) return answered(ex, problem("internal", "a shard's list could not be read"), false, sent);
    parts.push_back(std::move(*page));
  }
  const MergedPage merged = merge_pages(std::move(parts), sent.limit);
  Answer whole;
  whole.body = "{\"items\":" + merged.items + ",\"next_cursor\":";
  whole.body += merged.next ? "\"" + seal_cursor(secret_, sent.list, *merged.next) + "\"" : "null";
  whole.body += "}";
  answered(ex, whole, false, sent);
}

}  // namespace stoa
