// What of a simulated node outlives its process: its disks, and a clock that may be wrong.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "base/clock.hpp"
#include "storage/memory_database.hpp"
#include "storage/memory_disk.hpp"
#include "storage/memory_journal.hpp"
#include "tests/cluster/simulation/schedule.hpp"
#include "tests/simulation/stored_late.hpp"

namespace stoa::whole {

using simulation::Schedule;

constexpr int64_t kBeginMs = 1'800'000'000'000;  // the wall clock's, at the beginning of a run

class WrongClock final : public Clock {
 public:
  explicit WrongClock(const Schedule& schedule) : schedule_(schedule) {}
  Time now() const override { return Time{kBeginMs + schedule_.now_ms() + ahead_ms}; }
  int64_t monotonic_ns() const override { return (schedule_.now_ms() + 1) * 1'000'000; }

  int64_t ahead_ms = 0;

 private:
  const Schedule& schedule_;
};

// A disk that belongs to the machine, lent to a process.
class LentDisk final : public Disk {
 public:
  explicit LentDisk(Disk& disk) : disk_(disk) {}
  Result<std::vector<std::string>> list() const override { return disk_.list(); }
  Result<std::unique_ptr<File>> open(const std::string& name) override { return disk_.open(name); }
  Result<std::unique_ptr<File>> create(const std::string& name, uint64_t size) override {
    return disk_.create(name, size);
  }
  Result<void> rename(const std::string& from, const std::string& to) override { return disk_.rename(from, to); }
  Result<void> remove(const std::string& name) override { return disk_.remove(name); }
  Result<void> sync_names() override { return disk_.sync_names(); }
  Result<uint64_t> free_bytes() const override { return disk_.free_bytes(); }

 private:
  Disk& disk_;
};

struct Machine {
  Machine(std::string node, size_t place, const Schedule& schedule, Plant planted)
      : name(std::move(node)), number(place), clock(schedule), late(planted == Plant::kForgetsSyncedWrites, journal) {}

  const std::string name;
  const size_t number;  // among the machines
  WrongClock clock;
  MemoryJournal journal;
  StoredLate late;                               // what the process writes its journal through
  std::map<uint16_t, MemoryDatabase> databases;  // by service number
  MemoryDisk staging;
  MemoryDisk data;
  uint64_t free_bytes = uint64_t{1} << 40;
  int64_t disk_most_ms = 3;  // of a turn of the journal

  // The power goes. No process may run.
  void crash(Random& random);
  // The process has died, the machine has not: what was written to files is there, what a database had not flushed is
  // not.
  void lose_memory(Random& random);
};

}  // namespace stoa::whole
