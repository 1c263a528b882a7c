// How much of a node the bringing of snapshots may take. Ticks are 100 ms.
#pragma once

#include <cstddef>
#include <cstdint>

namespace stoa {

struct TransferLimits {
  size_t at_once = 4;        // transfers of a node that move, each way
  size_t waiting = 64;       // for their turn; more fail at once
  uint64_t window = 4;       // chunks that may be under way
  int ask_again_ticks = 10;  // of silence, then what was said last is said again
  int give_up_ticks = 100;   // of silence, then the transfer is over
};

}  // namespace stoa
