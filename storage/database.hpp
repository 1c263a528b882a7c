// A service's state database: the home of its shards' records, filled from behind by the flusher.
// Promises: a batch is there whole or not at all; what a crash leaves is the database as it was after one of its
// writes, and never before the last flush(). Kinds: storage/rocks_database.hpp on disk, storage/memory_database.hpp.
// Threads: reads from any; what changes it from one at a time. After an error of a change nothing is known of the
// disk: stop the process. An error while reading aborts it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/group.hpp"
#include "base/result.hpp"
#include "storage/view.hpp"
#include "storage/write_set.hpp"

namespace stoa {

// How far a shard's stored state goes, and whose it is. Written with the records it speaks of.
struct ShardMark {
  ReplicaId replica = 0;
  Index applied = 0;
  Term term = 0;        // of the entry at `applied`
  std::string members;  // of the group as of `applied`, encoded by its owner

  friend bool operator==(const ShardMark& a, const ShardMark& b) {
    return a.replica == b.replica && a.applied == b.applied && a.term == b.term && a.members == b.members;
  }
};

// What becomes of a shard in one step. Keys lie in the shard's range outside table 0, rise, and appear once.
struct ShardBatch {
  uint16_t shard = 0;
  ShardMark mark;
  std::vector<StateWrite> writes;
};

// One shard as it was at one moment, records and mark alike, whatever is written afterwards. Ranges lie in the shard.
// Threads: any, one at a time. Ends before its database.
class ShardView : public View {
 public:
  // nullopt: nothing was stored, or an install had begun and not ended.
  const std::optional<ShardMark>& mark() const { return mark_; }

 protected:
  explicit ShardView(std::optional<ShardMark> mark) : mark_(std::move(mark)) {}

 private:
  const std::optional<ShardMark> mark_;
};

// get and scan see all that was written, durable or not.
class Database : public View {
 public:
  // All of it atomically; visible at once, durable after the next flush() or earlier.
  virtual Result<void> write(const ShardBatch& batch) = 0;
  // Returns once all that was written survives a crash.
  virtual Result<void> flush() = 0;
  // Removes the shard's records, its mark and its marker, durably.
  virtual Result<void> wipe(uint16_t shard) = 0;

  // As written, and as a crash now would leave it; nullopt = nothing is stored.
  virtual Result<std::optional<ShardMark>> mark(uint16_t shard) const = 0;
  virtual Result<std::optional<ShardMark>> durable_mark(uint16_t shard) const = 0;

  virtual Result<std::unique_ptr<ShardView>> view(uint16_t shard) const = 0;

  // A whole new state for a shard, in steps that other shards' writes may come between. From begin_install on the shard
  // has a marker in the place of its records and mark; what a crash leaves is the state before, or the marker and the
  // first so many records, or what end_install() wrote. The marker is not empty; it says how to begin again.
  virtual Result<void> begin_install(uint16_t shard, std::string_view marker) = 0;
  // Keys lie in the shard's range outside table 0 and rise. REQUIRES that an install of the shard has begun.
  virtual Result<void> add_installed(uint16_t shard, const std::vector<StateWrite>& writes) = 0;
  // The mark in the place of the marker. Durable after the next flush().
  virtual Result<void> end_install(uint16_t shard, const ShardMark& mark) = 0;
  // As written; empty: no install is under way.
  virtual Result<std::string> install_marker(uint16_t shard) const = 0;
};

}  // namespace stoa
