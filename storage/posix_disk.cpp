#include "storage/posix_disk.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace stoa {
namespace {

Result<void> write_all(int fd, const std::string& path, uint64_t offset, std::string_view data) {
  while (!data.empty()) {
    const ssize_t written = ::pwrite(fd, data.data(), data.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return system_error("write", path);
    if (written == 0) return Error{"write " + path + ": the disk took nothing"};
    data.remove_prefix(static_cast<size_t>(written));
    offset += static_cast<uint64_t>(written);
  }
  return {};
}

class PosixFile final : public File {
 public:
  PosixFile(FileDescriptor file, std::string path, uint64_t size)
      : file_(std::move(file)), path_(std::move(path)), size_(size) {}

  uint64_t size() const override { return size_; }

  Result<void> write(uint64_t offset, std::string_view data) override {
    STOA_CHECK(offset + data.size() <= size_, "a file is written inside its size");
    return write_all(file_.get(), path_, offset, data);
  }

  Result<std::string> read(uint64_t offset, size_t bytes) const override {
    std::string out(bytes, '\0');
    for (size_t done = 0; done < bytes;) {
      const ssize_t got = ::pread(file_.get(), out.data() + done, bytes - done, static_cast<off_t>(offset + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return system_error("read", path_);
      if (got == 0) return Error{"read " + path_ + ": it ends at " + std::to_string(offset + done)};
      done += static_cast<size_t>(got);
    }
    return out;
  }

  Result<void> sync() override {
    if (::fdatasync(file_.get()) != 0) return system_error("sync", path_);
    return {};
  }

 private:
  const FileDescriptor file_;
  const std::string path_;
  const uint64_t size_;
};

Result<void> sync_directory(const std::string& path) {
  const Result<FileDescriptor> directory = FileDescriptor::open(path, O_RDONLY | O_DIRECTORY);
  if (!directory) return directory.error();
  if (::fsync(directory->get()) != 0) return system_error("sync", path);
  return {};
}

// Another node may make the same at the same time: below a directory that they share.
bool make_or_find(const std::string& path) {
  if (::mkdir(path.c_str(), 0700) == 0) return true;
  const int why = errno;
  struct stat status {};
  const bool found = why == EEXIST && ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
  errno = why;
  return found;
}

// With all above it that is missing, each name durable.
Result<void> make_directory(const std::string& path) {
  if (!make_or_find(path)) {
    const size_t slash = path.find_last_of('/');
    if (errno != ENOENT || slash == std::string::npos || slash == 0) return system_error("create directory", path);
    if (auto made = make_directory(path.substr(0, slash)); !made) return made;
    if (!make_or_find(path)) return system_error("create directory", path);
  }
  return sync_directory(path + "/..");
}

}  // namespace

Result<std::unique_ptr<PosixDisk>> PosixDisk::open_directory(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    if (auto made = make_directory(path); !made) return made.error();
  } else {
    // Whoever made it may have died before its name was durable. Where it may not be synced, somebody else made it.
    (void)sync_directory(path + "/..");
  }
  Result<DirectoryLock> lock = DirectoryLock::take(path);
  if (!lock) return lock.error();
  return std::unique_ptr<PosixDisk>(new PosixDisk(path, std::move(*lock)));
}

Result<std::vector<std::string>> PosixDisk::list() const {
  DIR* directory = ::opendir(path_.c_str());
  if (!directory) return system_error("list", path_);
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = ::readdir(directory)) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
    errno = 0;
  }
  const int failure = errno;
  ::closedir(directory);
  errno = failure;
  if (failure != 0) return system_error("list", path_);
  std::sort(names.begin(), names.end());
  return names;
}

Result<std::unique_ptr<File>> PosixDisk::open(const std::string& name) {
  Result<FileDescriptor> file = FileDescriptor::open(full(name), O_RDWR);
  if (!file) return file.error();
  struct stat status {};
  if (::fstat(file->get(), &status) != 0) return system_error("stat", full(name));
  const auto size = static_cast<uint64_t>(status.st_size);
  return std::unique_ptr<File>(new PosixFile(std::move(*file), full(name), size));
}

Result<std::unique_ptr<File>> PosixDisk::create(const std::string& name, uint64_t size) {
  Result<FileDescriptor> file = FileDescriptor::open(full(name), O_RDWR | O_CREAT | O_TRUNC);
  if (!file) return file.error();
  // Zeros are written although fallocate would reserve them: the first write to a merely reserved block changes
  // metadata, which makes its sync dearer.
  const std::string zeros(std::min<uint64_t>(size, 1 << 20), '\0');
  for (uint64_t at = 0; at < size; at += zeros.size()) {
    const auto part = std::string_view(zeros).substr(0, std::min<uint64_t>(zeros.size(), size - at));
    const auto written = write_all(file->get(), full(name), at, part);
    if (!written) return written.error();
  }
  if (::fsync(file->get()) != 0) return system_error("sync", full(name));
  return std::unique_ptr<File>(new PosixFile(std::move(*file), full(name), size));
}

Result<void> PosixDisk::rename(const std::string& from, const std::string& to) {
  if (::rename(full(from).c_str(), full(to).c_str()) != 0) return system_error("rename", full(from));
  return {};
}

Result<void> PosixDisk::remove(const std::string& name) {
  if (::unlink(full(name).c_str()) != 0) return system_error("remove", full(name));
  return {};
}

Result<void> PosixDisk::sync_names() { return sync_directory(path_); }

Result<uint64_t> PosixDisk::free_bytes() const {
  struct statvfs status {};
  if (::statvfs(path_.c_str(), &status) != 0) return system_error("stat", path_);
  return static_cast<uint64_t>(status.f_bavail) * status.f_frsize;
}

}  // namespace stoa
