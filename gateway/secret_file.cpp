#include "gateway/secret_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crc32c.hpp"
#include "gateway/digest.hpp"

namespace stoa {
namespace {

constexpr size_t kSecretBytes = 32;
constexpr size_t kUncheckedDigits = 43;  // of the secret alone, as the first versions wrote it
constexpr size_t kCheckedDigits = 48;    // of the secret and its checksum

Error failed(const std::string& file, const char* doing) {
  return Error{file + ": cannot " + doing + " the secret: " + std::strerror(errno)};
}

std::string little_endian(uint64_t word, int bits) {
  std::string bytes;
  for (int shift = 0; shift < bits; shift += 8) bytes += static_cast<char>(word >> shift & 0xff);
  return bytes;
}

// Whether it is a line that some version wrote.
bool is_secret(std::string_view line) {
  std::string bytes;
  if (line.size() != kCheckedDigits && line.size() != kUncheckedDigits) return false;
  if (!from_base64url(line, bytes)) return false;
  if (line.size() == kUncheckedDigits) return true;
  const std::string_view secret = std::string_view(bytes).substr(0, kSecretBytes);
  return bytes.substr(kSecretBytes) == little_endian(crc32c(secret), 32);
}

Result<std::string> read_secret(int fd, const std::string& file) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) return failed(file, "read");
  if ((info.st_mode & 077) != 0) return Error{file + ": others may read the secret; set its mode to 0600"};
  char text[256];
  const ssize_t n = ::read(fd, text, sizeof text);
  if (n < 0) return failed(file, "read");
  std::string line(text, static_cast<size_t>(n));
  const bool ended = !line.empty() && line.back() == '\n';
  if (ended) line.pop_back();
  if (ended && is_secret(line)) return line;
  return Error{file + ": is damaged; restore it, or remove it for a new one (what was signed with it is void then)"};
}

bool sync_folder_of(const std::string& file) {
  const size_t slash = file.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : file.substr(0, slash + 1);
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  return synced;
}

// Written whole or not at all: a node that dies here must not leave half a secret behind.
Result<std::string> make_secret(const std::string& file, Random& random) {
  std::string bytes;
  while (bytes.size() < kSecretBytes) bytes += little_endian(random.u64(), 64);
  std::string line = to_base64url(bytes + little_endian(crc32c(bytes), 32));
  const std::string beside = file + ".new";
  const int fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return failed(file, "make");
  const std::string text = line + "\n";
  const bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  ::close(fd);
  if (!written || ::rename(beside.c_str(), file.c_str()) != 0 || !sync_folder_of(file)) return failed(file, "make");
  return line;
}

}  // namespace

Result<std::string> load_secret_file(const std::string& file, Random& random) {
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return errno == ENOENT ? make_secret(file, random) : failed(file, "open");
  auto secret = read_secret(fd, file);
  ::close(fd);
  return secret;
}

}  // namespace stoa
