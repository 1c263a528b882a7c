#include "gateway/idempotency_key.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "gateway/digest.hpp"

namespace stoa {
namespace {

using nlohmann::json;

void append_text(const std::string& plain, std::string& out) {
  for (const char c : plain) {
    if (static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\') {
      out += json(plain).dump(-1, ' ', false, json::error_handler_t::replace);
      return;
    }
  }
  ((out += '"') += plain) += '"';
}

// What json::dump() writes of the document without its null members. Stored hashes are made of these bytes, so they
// never change. Members are kept sorted by the document itself. Depth is bounded by the parser.
void append_canonical(const json& value, std::string& out) {
  if (value.is_string()) return append_text(value.get_ref<const std::string&>(), out);
  if (!value.is_structured()) return void(out += value.dump());
  const char* const ends = value.is_object() ? "{}" : "[]";
  out += ends[0];
  bool first = true;
  for (auto it = value.begin(); it != value.end(); ++it) {
    if (value.is_object() && it->is_null()) continue;
    if (!std::exchange(first, false)) out += ',';
    if (value.is_object()) {
      append_text(it.key(), out);
      out += ':';
    }
    append_canonical(*it, out);
  }
  out += ends[1];
}

std::string canonical(const json* body) {
  std::string out;
  if (body != nullptr) append_canonical(*body, out);
  return out;
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
