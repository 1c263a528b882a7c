// Owns a file descriptor, and words the failures of system calls on it.
#pragma once

#include <string>
#include <utility>

#include "base/result.hpp"

namespace stoa {

class FileDescriptor {
 public:
  // open(2) with O_CLOEXEC, mode 0600.
  static Result<FileDescriptor> open(const std::string& path, int flags);

  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~FileDescriptor();
  int get() const { return fd_; }

 private:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  int fd_;
};

// "what path: " and errno's meaning.
Error system_error(const std::string& what, const std::string& path);

}  // namespace stoa
