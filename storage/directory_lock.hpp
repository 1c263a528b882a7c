// The right to use a directory, held by one process at a time, given back when the process ends however it ends.
#pragma once

#include <string>

#include "base/result.hpp"
#include "storage/file_descriptor.hpp"

namespace stoa {

class DirectoryLock {
 public:
  // Does not wait: an error that names the directory and the process that holds it.
  static Result<DirectoryLock> take(const std::string& directory);

 private:
  explicit DirectoryLock(FileDescriptor file) : file_(std::move(file)) {}
  FileDescriptor file_;
};

}  // namespace stoa
