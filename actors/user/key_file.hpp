// The file that holds the signing key: one line, "stoa-ed25519 <seed>", mode 0600.
#pragma once

#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace stoa::user {

// The 32 bytes of the seed. Makes the file with a new one when there is none; it is durable, name and all, before this
// returns. An error when the file is damaged, of somebody else, or open to others than its owner.
Result<Secret> open_key_file(const std::string& path);

}  // namespace stoa::user
