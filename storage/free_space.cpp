#include "storage/free_space.hpp"

#include <cerrno>
#include <cstring>
#include <sys/statvfs.h>
#include <utility>

namespace stoa {

Result<uint64_t> free_bytes_at(const std::string& path) {
  struct statvfs at {};
  if (::statvfs(path.c_str(), &at) != 0) return Error{"no free space of " + path + ": " + std::strerror(errno)};
  return static_cast<uint64_t>(at.f_bavail) * at.f_frsize;
}

FreeSpace::FreeSpace(Measure measure, SpaceMarks marks)
    : measure_(std::move(measure)), marks_(marks), free_bytes_(UINT64_MAX) {
  refresh();
}

void FreeSpace::refresh() {
  const Result<uint64_t> measured = measure_();
  STOA_CHECK(measured.ok(), measured.error().what);
  STOA_CHECK(*measured >= marks_.hard_bytes, "too little room is left on the disk: make some, then start again");
  free_bytes_.store(*measured, std::memory_order_relaxed);
}

}  // namespace stoa
