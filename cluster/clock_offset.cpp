#include "cluster/clock_offset.hpp"

#include <algorithm>

namespace stoa {

std::optional<int64_t> clock_offset_ms(const std::vector<PeerStatus>& peers) {
  std::vector<int64_t> ahead;  // of each peer
  for (const PeerStatus& peer : peers) {
    if (peer.connected) ahead.push_back(-peer.clock_ahead_ms);
  }
  if (ahead.empty()) return std::nullopt;
  std::sort(ahead.begin(), ahead.end());
  // More than half are off to the same side if both values in the middle are.
  const int64_t low = ahead[(ahead.size() - 1) / 2], high = ahead[ahead.size() / 2];
  if (low > kClockOffMs) return low;
  if (high < -kClockOffMs) return high;
  return std::nullopt;
}

}  // namespace stoa
