#include "bench/checkout/disk_rate.hpp"

#include <fcntl.h>
#include <stdexcept>
#include <unistd.h>

namespace stoa::bench {
namespace {

constexpr size_t kBlock = 4096;
constexpr off_t kSize = 64 << 20;

}  // namespace

DiskRate::DiskRate(const std::string& path) : file_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
  if (file_ < 0) throw std::runtime_error("cannot open " + path);
  const std::string zeros(1 << 20, '\0');
  for (off_t at = 0; at < kSize; at += static_cast<off_t>(zeros.size())) {
    if (::pwrite(file_, zeros.data(), zeros.size(), at) < 0) throw std::runtime_error("cannot write " + path);
  }
  if (::fsync(file_) != 0) throw std::runtime_error("cannot sync " + path);
}

DiskRate::~DiskRate() { ::close(file_); }

Measured DiskRate::measure(double seconds) {
  const std::string block(kBlock, 'x');
  Measured measured;
  const double start = now_s();
  double last = start;
  while (last - start < seconds) {
    if (::pwrite(file_, block.data(), block.size(), at_) < 0 || ::fdatasync(file_) != 0) {
      throw std::runtime_error("the disk refuses to write");
    }
    at_ = (at_ + static_cast<off_t>(kBlock)) % kSize;
    const double now = now_s();
    measured.done_after(now - last);
    last = now;
  }
  measured.seconds = last - start;
  return measured;
}

}  // namespace stoa::bench
