#include "storage/directory_lock.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace stoa {

Result<DirectoryLock> DirectoryLock::take(const std::string& directory) {
  const std::string path = directory + "/lock";
  Result<FileDescriptor> file = FileDescriptor::open(path, O_RDWR | O_CREAT);
  if (!file) return file.error();
  if (::flock(file->get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return system_error("lock", path);
    char holder[24] = {};
    const ssize_t size = ::pread(file->get(), holder, sizeof holder - 1, 0);
    return Error{directory + " is in use by another process" +
                 (size > 0 ? ", pid " + std::string(holder, static_cast<size_t>(size)) : std::string())};
  }
  // Only to tell a second process; the lock itself does not depend on it.
  const std::string pid = std::to_string(::getpid());
  if (::ftruncate(file->get(), 0) != 0 || ::pwrite(file->get(), pid.data(), pid.size(), 0) < 0) {
    return system_error("write", path);
  }
  return DirectoryLock(std::move(*file));
}

}  // namespace stoa
