#include "gateway/idempotency_key.hpp"

#include <nlohmann/json.hpp>

#include "gateway/digest.hpp"

namespace stoa {
namespace {

using nlohmann::json;

// Members are kept sorted by the document itself. Depth is bounded by the parser.
json without_nulls(const json& value) {
  if (value.is_array()) {
    json out = json::array();
    for (const json& item : value) out.push_back(without_nulls(item));
    return out;
  }
  if (!value.is_object()) return value;
  json out = json::object();
  for (const auto& [name, member] : value.items()) {
    if (!member.is_null()) out[name] = without_nulls(member);
  }
  return out;
}

std::string canonical(const json* body) {
  return body == nullptr ? "" : without_nulls(*body).dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

bool is_idempotency_key(std::string_view key) {
  if (key.empty() || key.size() > 255) return false;
  for (const char c : key) {
    if (c < '!' || c > '~') return false;
  }
  return true;
}

std::string idempotency_scope(std::string_view principal, std::string_view method, std::string_view path,
                              std::string_view key) {
  return to_hex(sha256({principal, method, path, key}));
}

std::string idempotency_body_hash(std::string_view secret, const json* body) {
  return to_hex(hmac_sha256(secret, {"idempotency body", canonical(body)}));
}

std::string idempotency_seal_key(std::string_view secret, std::string_view scope, const json* body) {
  return hmac_sha256(secret, {"idempotency seal", scope, canonical(body)});
}

}  // namespace stoa
