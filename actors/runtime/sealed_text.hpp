// A text that only who has its key can read or change: XSalsa20-Poly1305 (NaCl secretbox) under a random nonce.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace stoa {

// REQUIRES 32 bytes of key.
std::string seal_text(std::string_view key, std::string_view text);
// nullopt: another key, or not what seal_text() made.
std::optional<std::string> unseal_text(std::string_view key, std::string_view sealed);

}  // namespace stoa
