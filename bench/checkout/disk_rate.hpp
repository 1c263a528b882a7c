// The disk's own rate: what no durable system on one journal can exceed without sharing a sync.
#pragma once

#include <string>

#include "bench/checkout/measured.hpp"

namespace stoa::bench {

// 4 KiB at a time written over a preallocated file, each followed by fdatasync.
class DiskRate {
 public:
  explicit DiskRate(const std::string& path);
  ~DiskRate();
  DiskRate(const DiskRate&) = delete;
  DiskRate& operator=(const DiskRate&) = delete;

  Measured measure(double seconds);

 private:
  int file_;
  off_t at_ = 0;
};

}  // namespace stoa::bench
