// The full-screen list of a node's actors, painted once a second until q.
#pragma once

#include "base/result.hpp"
#include "inspector/admin_client.hpp"

namespace stoa {

constexpr const char* kInspectPath = "/v1/inspect";

// Needs a terminal on stdin and stdout, and leaves it as it was. A node that stops answering is an error.
Result<void> watch_actors(const AdminAddress& address);

}  // namespace stoa
