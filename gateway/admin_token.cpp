#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gateway/admin_listener.hpp"
#include "gateway/digest.hpp"

namespace stoa {
namespace {

Error failed(const std::string& file, const char* doing) {
  return Error{file + ": cannot " + doing + " the admin token: " + std::strerror(errno)};
}

Result<std::string> read_token(int fd, const std::string& file) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) return failed(file, "read");
  if ((info.st_mode & 077) != 0) return Error{file + ": others may read the admin token; set its mode to 0600"};
  char text[256];
  const ssize_t n = ::read(fd, text, sizeof text);
  if (n < 0) return failed(file, "read");
  std::string token(text, static_cast<size_t>(n));
  while (!token.empty() && (token.back() == '\n' || token.back() == '\r')) token.pop_back();
  if (token.size() < 16) return Error{file + ": the admin token is too short; remove the file to get a new one"};
  return token;
}

}  // namespace

Result<std::string> load_admin_token(const std::string& file, Random& random) {
  int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd >= 0) {
    auto token = read_token(fd, file);
    ::close(fd);
    return token;
  }
  if (errno != ENOENT) return failed(file, "open");
  std::string bytes;
  for (int i = 0; i < 4; ++i) {
    const uint64_t word = random.u64();
    for (int shift = 0; shift < 64; shift += 8) bytes += static_cast<char>(word >> shift & 0xff);
  }
  const std::string token = to_base64url(bytes);
  // Written whole or not at all: a node that dies here must not leave half a token behind.
  const std::string half = file + ".new";
  fd = ::open(half.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return failed(file, "make");
  const std::string line = token + "\n";
  const bool written = ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && ::fsync(fd) == 0;
  ::close(fd);
  if (!written || ::rename(half.c_str(), file.c_str()) != 0) return failed(file, "make");
  return token;
}

}  // namespace stoa
