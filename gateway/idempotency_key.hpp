// What an Idempotency-Key stands for: its scope, and a hash of the command that it was sent with.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace stoa {

// 1-255 visible ASCII characters.
bool is_idempotency_key(std::string_view key);

// One user's key for one method and path; 64 hex digits. `principal` is the user's id, or what stands for nobody.
std::string idempotency_scope(std::string_view principal, std::string_view method, std::string_view path,
                              std::string_view key);

// Compares as decoded commands do: white space and the order of members do not matter, null is the same as absent.
// Keyed, so that a stored hash tells nothing of a guessable body. nullptr: no body.
std::string idempotency_body_hash(std::string_view secret, const nlohmann::json* body);

}  // namespace stoa
