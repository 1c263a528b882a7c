// The disk's twin in memory: it knows what is synced and what is not, sector by sector, and fails where it is told to.
// It keeps its content over crash() and restart(), which stand for what a machine and a process do.
// Threads: one, but for reads of files.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>

#include "base/random.hpp"
#include "storage/disk.hpp"

namespace stoa {

enum class DiskFault {
  kPowerCut,    // this operation fails with any part of it done, and all after it fail, until crash()
  kError,       // this operation fails: of a write nothing is there; what a sync should have written will never be
  kShortWrite,  // half of a write is there, then the disk is full; as kError for a sync
};

class MemoryDisk final : public Disk {
 public:
  Result<std::vector<std::string>> list() const override;
  Result<std::unique_ptr<File>> open(const std::string& name) override;
  Result<std::unique_ptr<File>> create(const std::string& name, uint64_t size) override;
  Result<void> rename(const std::string& from, const std::string& to) override;
  Result<void> remove(const std::string& name) override;
  Result<void> sync_names() override;
  Result<uint64_t> free_bytes() const override { return free_bytes_; }

  // Writes, syncs and changes of names so far. The one of that number, counted from 0, meets the fault.
  uint64_t operations() const { return operations_; }
  void fail_at(uint64_t operation, DiskFault fault);
  void set_free_bytes(uint64_t bytes) { free_bytes_ = bytes; }

  // Power is lost and comes back: of what was not synced any sectors may be there. No file may be open.
  void crash(Random& random);
  // The process died, the machine did not: all that was written is still seen, and still not synced.
  void restart();

  // What the disk holds of a file, for tests that look at it or damage it.
  const std::string& content(const std::string& name) const;
  void flip_bit(const std::string& name, uint64_t bit);

 private:
  static constexpr size_t kSector = 512;
  struct Content {
    std::string seen;
    std::string durable;
    std::set<size_t> dirty;  // sectors
  };
  class OpenFile;

  // nullopt: go on. Otherwise the fault that this operation meets.
  std::optional<DiskFault> next_operation();
  Result<void> change_names();

  std::deque<Content> contents_;  // of all files that ever were: handles point into it
  std::map<std::string, Content*> names_;
  std::map<std::string, Content*> durable_names_;
  std::mutex bytes_;  // lets files be read while another thread writes
  uint64_t operations_ = 0;
  std::optional<std::pair<uint64_t, DiskFault>> fault_;
  bool dark_ = false;  // the power is gone
  uint64_t free_bytes_ = uint64_t{1} << 40;
};

}  // namespace stoa
