#include "storage/state_wipe.hpp"

namespace stoa {

Result<bool> StateWipe::step() {
  const auto mark = database_.mark(group_.shard);
  if (!mark) return mark.error();
  if (!*mark || (*mark)->replica != replica_) return true;
  if (auto wiped = database_.wipe(group_.shard); !wiped) return wiped.error();
  return true;
}

}  // namespace stoa
