// The seam of the disk: one directory of preallocated files that are written in place. Kinds: storage/posix_disk.hpp,
// and storage/memory_disk.hpp, which loses, tears and fails. After an error of write, sync or rename the state of what
// was touched is unknown: never try again, stop the process.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace stoa {

// Threads: write and sync from one at a time; read from any, beside them.
class File {
 public:
  virtual ~File() = default;
  virtual uint64_t size() const = 0;
  // All of it, inside the file's size.
  virtual Result<void> write(uint64_t offset, std::string_view data) = 0;
  // Exactly this many bytes; an error if the file ends before.
  virtual Result<std::string> read(uint64_t offset, size_t bytes) const = 0;
  // Returns once all that was written survives a loss of power.
  virtual Result<void> sync() = 0;
};

class Disk {
 public:
  virtual ~Disk() = default;
  virtual Result<std::vector<std::string>> list() const = 0;
  virtual Result<std::unique_ptr<File>> open(const std::string& name) = 0;
  // A file of zeros, really written and synced, so that overwriting it changes no metadata. Replaces one of that name.
  // Its name is durable only after sync_names().
  virtual Result<std::unique_ptr<File>> create(const std::string& name, uint64_t size) = 0;
  virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
  virtual Result<void> remove(const std::string& name) = 0;
  virtual Result<void> sync_names() = 0;
  virtual Result<uint64_t> free_bytes() const = 0;
};

}  // namespace stoa
