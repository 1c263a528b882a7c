// A secret of this node in a file of its own: one line of base64url that carries its checksum, mode 0600. The line is
// what is presented as a bearer token, so who reads the file has the token.
#pragma once

#include <string>

#include "base/random.hpp"
#include "base/result.hpp"

namespace stoa {

// The line without its end. Makes the file when there is none; it is durable, name and all, before this returns.
// An error when the file is damaged or others than its owner may read it. `random` is fit for secrets.
Result<std::string> load_secret_file(const std::string& file, Random& random);

}  // namespace stoa
