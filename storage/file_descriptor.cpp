#include "storage/file_descriptor.hpp"

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace stoa {

Result<FileDescriptor> FileDescriptor::open(const std::string& path, int flags) {
  int fd = -1;
  do fd = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  while (fd < 0 && errno == EINTR);
  if (fd < 0) return system_error("open", path);
  return FileDescriptor(fd);
}

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) ::close(fd_);
}

Error system_error(const std::string& what, const std::string& path) {
  return Error{what + " " + path + ": " + std::system_category().message(errno)};
}

}  // namespace stoa
