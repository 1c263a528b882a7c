// The file in which a single node had its signing key before the catalog held it: one line, "stoa-ed25519 <seed>", mode
// 0600. It is read once more, so that nobody is logged out.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace stoa::user {

// The 32 bytes of the seed; nullopt: there is no such file. An error when the file is damaged or open to others than
// its owner.
Result<std::optional<Secret>> read_key_file(const std::string& path);

}  // namespace stoa::user
