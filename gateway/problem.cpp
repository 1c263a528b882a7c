#include "gateway/problem.hpp"

#include <nlohmann/json.hpp>

namespace stoa {
namespace {

// Codes with their status and title. A code is stable: clients switch on it.
constexpr RefusalStatus kOwn[] = {
    {"malformed_json", 400, "The body is not JSON"},
    {"malformed_request", 400, "The request is not well formed"},
    {"validation_failed", 400, "The request does not fit"},
    {"idempotency_key_missing", 400, "An Idempotency-Key is required"},
    {"invalid_cursor", 400, "The cursor is not valid"},
    {"unauthenticated", 401, "Who is calling is not known"},
    {"forbidden", 403, "Not allowed for this role"},
    {"not_found", 404, "Not found"},
    {"method_not_allowed", 405, "The method is not allowed here"},
    {"not_acceptable", 406, "No acceptable representation"},
    {"request_timeout", 408, "The request took too long to arrive"},
    {"illegal_transition", 409, "Not possible in this state"},
    {"idempotency_in_flight", 409, "The first request is still being processed"},
    {"length_required", 411, "A Content-Length is required"},
    {"stale_version", 412, "Changed meanwhile"},
    {"body_too_large", 413, "The body is too large"},
    {"uri_too_long", 414, "The request target is too long"},
    {"unsupported_media_type", 415, "The media type is not supported"},
    {"expectation_failed", 417, "The expectation cannot be met"},
    {"misdirected_request", 421, "Not a host of this server"},
    {"idempotency_key_reused", 422, "The key was used for another request"},
    {"if_match_missing", 428, "If-Match is required"},
    {"rate_limited", 429, "Too many requests"},
    {"headers_too_large", 431, "The header fields are too large"},
    {"internal", 500, "Internal error"},
    {"not_implemented", 501, "Not implemented"},
    {"unavailable", 503, "Temporarily unavailable"},
    {"overloaded", 503, "Overloaded"},
    {"draining", 503, "Shutting down"},
    {"not_leader", 503, "Temporarily unavailable"},
    {"unknown_fate", 503, "Temporarily unavailable"},
    {"http_version_not_supported", 505, "HTTP version not supported"},
    {"storage_full", 507, "Storage is full"},
};

}  // namespace

ProblemTable::ProblemTable(const std::vector<Service>& services) {
  for (const RefusalStatus& r : kOwn) kinds_[std::string(r.code)] = {r.status, std::string(r.title)};
  for (const Service& service : services) {
    for (const RefusalStatus& r : service.refusals) kinds_[std::string(r.code)] = {r.status, std::string(r.title)};
  }
}

const ProblemTable::Kind& ProblemTable::find(std::string_view code) const {
  const auto found = kinds_.find(code);
  return found == kinds_.end() ? unknown_ : found->second;
}

void ProblemTable::render(const Answer& answer, std::string_view trace_id, Response& response) const {
  const Kind& kind = find(answer.code);
  // Answers of the runtime that outlived the router's repeats mean no more to a client than this.
  const bool inner = answer.code == kNotLeader.code || answer.code == kUnknownFate.code;
  const std::string_view code = inner ? kUnavailable.code : std::string_view(answer.code);
  nlohmann::ordered_json doc;
  doc["type"] = "urn:stoa:problem:" + std::string(code);
  doc["title"] = kind.title;
  doc["status"] = kind.status;
  doc["code"] = code;
  doc["detail"] = answer.detail;
  doc["trace_id"] = answer.trace_id.empty() ? std::string(trace_id) : answer.trace_id;
  auto errors = nlohmann::ordered_json::array();
  for (const FieldError& e : answer.errors) {
    errors.push_back({{"pointer", e.pointer}, {"code", e.code}, {"detail", e.detail}});
  }
  doc["errors"] = std::move(errors);
  response.status = kind.status;
  response.content_type = kProblemJson;
  response.body = doc.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  response.code = code;
  if (kind.status == 401) response.add("WWW-Authenticate", "Bearer realm=\"stoa\"");
  const bool later = kind.status == 503 || kind.status == 429 || answer.code == kIdempotencyInFlight.code;
  if (later && response.fields.find("Retry-After:") == std::string::npos) response.add("Retry-After", "1");
}

Answer problem(std::string_view code, std::string detail, std::vector<FieldError> errors) {
  Answer answer;
  answer.code = code;
  answer.detail = std::move(detail);
  answer.errors = std::move(errors);
  return answer;
}

}  // namespace stoa
