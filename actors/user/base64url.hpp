// Base64 for URLs without padding (RFC 4648 §5), as tokens and key sets use it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace stoa::user {

std::string base64url(std::string_view bytes);
// nullopt for anything that base64url() would not have written.
std::optional<std::string> from_base64url(std::string_view text);

}  // namespace stoa::user
