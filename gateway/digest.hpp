// SHA-256, keyed and plain, over parts whose lengths count: ("ab", "c") differs from ("a", "bc").
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace stoa {

// 32 bytes.
std::string sha256(std::initializer_list<std::string_view> parts);
std::string hmac_sha256(std::string_view key, std::initializer_list<std::string_view> parts);

std::string to_hex(std::string_view bytes);
std::string to_base64url(std::string_view bytes);
// False for anything to_base64url would not have written.
bool from_base64url(std::string_view text, std::string& bytes);
// Takes the same time wherever the two differ.
bool same_secret(std::string_view a, std::string_view b);

}  // namespace stoa
