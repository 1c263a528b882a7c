// The database's twin in memory: it knows what is durable and what is not, and a crash takes what is not. For tests
// and the simulation; it may be told to fail.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/random.hpp"
#include "storage/database.hpp"

namespace stoa {

class MemoryDatabase final : public Database {
 public:
  Result<void> write(const ShardBatch& batch) override;
  Result<void> flush() override;
  Result<void> wipe(uint16_t shard) override;
  Result<std::optional<ShardMark>> mark(uint16_t shard) const override;
  Result<std::optional<ShardMark>> durable_mark(uint16_t shard) const override;
  Result<std::unique_ptr<ShardView>> view(uint16_t shard) const override;
  Result<void> begin_install(uint16_t shard, std::string_view marker) override;
  Result<void> add_installed(uint16_t shard, const std::vector<StateWrite>& writes) override;
  Result<void> end_install(uint16_t shard, const ShardMark& mark) override;
  Result<std::string> install_marker(uint16_t shard) const override;
  bool get(std::string_view key, std::string& value) const override;
  void scan(std::string_view from, std::string_view to, bool backwards, const Each& each) const override;

  // Power is lost, and comes back: what was flushed is there, then some of the later writes in order (how many, the
  // random says: the database on disk may flush by itself).
  void crash(Random& random);

  // Writes of any kind and flushes done so far. The operation of that number, counted from 0, and all after it fail
  // until crash().
  uint64_t operations() const;
  void cut_power_at(uint64_t operation);

 private:
  struct Content {
    std::map<std::string, std::string, std::less<>> records;
    std::map<uint16_t, ShardMark> marks;
    std::map<uint16_t, std::string> markers;  // of installs under way
  };
  struct Change {  // a batch that owns its bytes
    uint16_t shard = 0;
    std::optional<ShardMark> mark;      // takes the place of a marker
    std::optional<std::string> marker;  // takes the place of records and mark
    std::vector<std::pair<std::string, std::optional<std::string>>> writes;
  };

  bool power() { return !cut_at_ || operations_ < *cut_at_; }
  static void perform(Content& content, const Change& change);
  Result<void> change(Change change, const std::vector<StateWrite>& writes);
  static void remove_shard(Content& content, uint16_t shard);

  mutable std::recursive_mutex mutex_;  // guards all below; who scans may read meanwhile
  Content written_;
  Content durable_;
  std::vector<Change> undurable_;  // since the last flush
  uint64_t operations_ = 0;
  std::optional<uint64_t> cut_at_;
};

}  // namespace stoa
