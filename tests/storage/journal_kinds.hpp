// The kinds of journal as tests see them: opened, cut off from power at any write or sync, crashed and opened again.
#pragma once

#include "storage/file_journal.hpp"
#include "storage/memory_disk.hpp"
#include "storage/memory_journal.hpp"

namespace stoa {

class MemoryKind {
 public:
  Result<Journal*> open() { return &journal_; }
  void crash(Random& random) { journal_.crash(random); }
  uint64_t operations() const { return journal_.operations(); }
  void cut_power_at(uint64_t operation) { journal_.cut_power_at(operation); }

 private:
  MemoryJournal journal_;
};

class FileKind {
 public:
  Result<Journal*> open() {
    journal_.reset();
    auto opened = FileJournal::open(disk, options);
    if (!opened) return opened.error();
    journal_ = std::move(*opened);
    return static_cast<Journal*>(journal_.get());
  }
  void crash(Random& random) {
    journal_.reset();
    disk.crash(random);
  }
  // The process dies, the machine does not.
  void kill() {
    journal_.reset();
    disk.restart();
  }
  uint64_t operations() const { return disk.operations(); }
  void cut_power_at(uint64_t operation) { disk.fail_at(operation, DiskFault::kPowerCut); }

  // Small, so that segments fill and are recycled.
  JournalOptions options{64 << 10, 3, 0};
  MemoryDisk disk;

 private:
  std::unique_ptr<FileJournal> journal_;
};

}  // namespace stoa
