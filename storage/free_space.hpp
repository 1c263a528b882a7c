// Room on the disk: under the soft mark a node refuses commands, under the hard mark it stops before a write fails.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "base/result.hpp"

namespace stoa {

struct SpaceMarks {
  uint64_t soft_bytes = 1ULL << 30;
  uint64_t hard_bytes = 256ULL << 20;
};

// Bytes that this process may still write where `path` is.
Result<uint64_t> free_bytes_at(const std::string& path);

class FreeSpace {
 public:
  using Measure = std::function<Result<uint64_t>()>;
  explicit FreeSpace(Measure measure, SpaceMarks marks = {});

  // Measures again, now and then, from one thread. Aborts the process under the hard mark, or when it cannot measure.
  void refresh();

  // As of the last refresh. Any thread.
  bool low() const { return free_bytes() < marks_.soft_bytes; }  // refuse what a client asks to be written
  uint64_t free_bytes() const { return free_bytes_.load(std::memory_order_relaxed); }

 private:
  const Measure measure_;
  const SpaceMarks marks_;
  std::atomic<uint64_t> free_bytes_;
};

}  // namespace stoa
