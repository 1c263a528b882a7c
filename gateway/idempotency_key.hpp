// What an Idempotency-Key stands for: its scope, and a hash of the command that it was sent with.
#pragma once

#include <string>
#include <string_view>

namespace stoa {

// 1-255 visible ASCII characters.
bool is_idempotency_key(std::string_view key);

// One user's key for one method and path; 64 hex digits. `principal` is the user's id, or what stands for nobody.
std::string idempotency_scope(std::string_view principal, std::string_view method, std::string_view path,
                              std::string_view key);

// Of a decoded command in its encoding, without the ids and times that each try is given anew: white space, the order
// of members, and a default that is written out do not matter. Keyed, so that a stored hash tells nothing of a
// guessable body.
std::string idempotency_body_hash(std::string_view secret, std::string_view command);

// 32 bytes that only who knows both the secret and the command can come to: what a recorded answer is sealed with that
// must not lie readable on a disk.
std::string idempotency_seal_key(std::string_view secret, std::string_view scope, std::string_view command);

}  // namespace stoa
