// gzip for answers that are large enough to gain from it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace stoa {

constexpr size_t kWorthCompressing = 1024;

// Whether an Accept-Encoding takes gzip: named, or *, and not with q=0.
bool accepts_gzip(std::string_view accept_encoding);

// RFC 1952. nullopt when the library refuses.
std::optional<std::string> gzipped(std::string_view plain);

}  // namespace stoa
