// The journal's twin in memory: it knows what is synced and what is not, and a crash takes what is not. For tests and
// the simulation; it may be told to lose its power at any write or sync.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "base/random.hpp"
#include "storage/journal.hpp"

namespace stoa {

class MemoryJournal final : public Journal {
 public:
  Result<void> append(const std::vector<JournalRecord>& turn, bool sync) override;
  std::vector<GroupId> groups() const override;
  Result<std::optional<GroupLog>> recover(GroupId group) override;
  Result<std::vector<LogEntry>> read(GroupId group, Index from, Index to, size_t max_bytes) override;
  void trim(GroupId group, Index upto) override;

  // Power is lost, and comes back: all synced turns are there, then some of the unsynced ones in order (how many, the
  // random says), then none: the next one is torn. A turn whose append failed counts as unsynced.
  void crash(Random& random);

  // Writes and syncs done so far. The operation of that number, counted from 0, fails, and all that come after it,
  // until crash(): the first makes append return an error.
  uint64_t operations() const;
  void cut_power_at(uint64_t operation);

 private:
  using Logs = std::map<GroupId, GroupLog>;
  using Turn = std::vector<JournalRecord>;

  bool power() { return !cut_at_ || operations_ < *cut_at_; }
  void settle(size_t turns);

  mutable std::mutex mutex_;  // guards all below
  Logs logs_;                 // as appended
  Logs synced_;               // as a crash would leave it
  std::vector<Turn> unsynced_;
  std::vector<std::pair<GroupId, Index>> forgettable_trims_;  // since the last sync
  uint64_t operations_ = 0;
  std::optional<uint64_t> cut_at_;
};

}  // namespace stoa
