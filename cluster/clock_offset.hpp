// Whether this node's clock is off: from the clocks of the nodes that it is connected to.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "cluster/transport.hpp"

namespace stoa {

inline constexpr int64_t kClockOffMs = 5000;

// How far this clock is ahead (negative: behind) of most of the connected nodes, by more than kClockOffMs; nullopt: it
// is not. Of two nodes alone either may be wrong, and both are told.
std::optional<int64_t> clock_offset_ms(const std::vector<PeerStatus>& peers);

}  // namespace stoa
