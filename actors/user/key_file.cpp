#include "actors/user/key_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "actors/user/base64url.hpp"

namespace stoa::user {
namespace {

constexpr std::string_view kMark = "stoa-ed25519 ";
constexpr size_t kSeedDigits = 43;  // of 32 bytes, as base64url() writes them
constexpr size_t kLongest = 256;    // bytes; the file is much shorter

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

Error failed(const std::string& path, const char* what) {
  return Error{path + ": " + what + ": " + std::strerror(errno)};
}

Result<Secret> read_seed(const Descriptor& file, const std::string& path) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return failed(path, "cannot be looked at");
  if ((status.st_mode & 077) != 0)
    return Error{path +
                 ": the signing key may be read by others than its owner; chmod 600 it, or remove it for a new "
                 "one (which ends all sessions)"};
  char text[kLongest];
  const ssize_t got = ::read(file.get(), text, sizeof text);
  if (got < 0) return failed(path, "cannot be read");
  std::string_view line(text, static_cast<size_t>(got));
  if (!line.empty() && line.back() == '\n') line.remove_suffix(1);
  if (line.substr(0, kMark.size()) == kMark && line.size() == kMark.size() + kSeedDigits) {
    if (auto seed = from_base64url(line.substr(kMark.size()))) return Secret(std::move(*seed));
  }
  return Error{path + ": is not a signing key; remove it for a new one (which ends all sessions)"};
}

}  // namespace

Result<std::optional<Secret>> read_key_file(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (file.get() < 0 && errno == ENOENT) return std::optional<Secret>();
  if (file.get() < 0) return failed(path, "cannot be opened");
  auto seed = read_seed(file, path);
  if (!seed) return seed.error();
  return std::optional<Secret>(std::move(*seed));
}

}  // namespace stoa::user
