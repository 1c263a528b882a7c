#include "gateway/idempotency_key.hpp"

#include "gateway/digest.hpp"

namespace stoa {
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

std::string idempotency_body_hash(std::string_view secret, std::string_view command) {
  return to_hex(hmac_sha256(secret, {"idempotency command", command}));
}

std::string idempotency_seal_key(std::string_view secret, std::string_view scope, std::string_view command) {
  return hmac_sha256(secret, {"idempotency seal", scope, command});
}

}  // namespace stoa
