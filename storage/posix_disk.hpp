// A directory of the machine's file system. Locked: a second process that opens it gets an error that says who holds
// it.
#pragma once

#include "storage/directory_lock.hpp"
#include "storage/disk.hpp"

namespace stoa {

class PosixDisk final : public Disk {
 public:
  // Creates the directory (mode 0700) if it is missing; its parent must exist.
  static Result<std::unique_ptr<PosixDisk>> open_directory(const std::string& path);

  Result<std::vector<std::string>> list() const override;
  Result<std::unique_ptr<File>> open(const std::string& name) override;
  Result<std::unique_ptr<File>> create(const std::string& name, uint64_t size) override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  Result<void> remove(const std::string& name) override;
  Result<void> sync_names() override;
  Result<uint64_t> free_bytes() const override;

 private:
  PosixDisk(std::string path, DirectoryLock lock) : path_(std::move(path)), lock_(std::move(lock)) {}
  std::string full(const std::string& name) const { return path_ + "/" + name; }

  const std::string path_;
  const DirectoryLock lock_;
};

}  // namespace stoa
