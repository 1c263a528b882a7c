#include "storage/memory_database.hpp"

#include <iterator>

#include "base/check.hpp"
#include "storage/key.hpp"
#include "storage/memory_view.hpp"

namespace stoa {
namespace {

class CopiedShardView final : public ShardView {
 public:
  CopiedShardView(std::optional<ShardMark> mark, const WriteSet& records) : ShardView(std::move(mark)) {
    records_.apply(records);
  }
  bool get(std::string_view key, std::string& value) const override { return records_.get(key, value); }
  void scan(std::string_view from, std::string_view to, bool backwards, const Each& each) const override {
    records_.scan(from, to, backwards, each);
  }

 private:
  MemoryView records_;
};

}  // namespace

void MemoryDatabase::perform(Content& content, const Change& change) {
  if (change.marker) {
    remove_shard(content, change.shard);
    content.markers[change.shard] = *change.marker;
  }
  for (const auto& [key, value] : change.writes) {
    if (value)
      content.records[key] = *value;
    else
      content.records.erase(key);
  }
  if (!change.mark) return;
  content.marks[change.shard] = *change.mark;
  content.markers.erase(change.shard);
}

void MemoryDatabase::remove_shard(Content& content, uint16_t shard) {
  const std::string from = shard_prefix(shard), to = after_prefix(from);
  content.records.erase(content.records.lower_bound(from),
                        to.empty() ? content.records.end() : content.records.lower_bound(to));
  content.marks.erase(shard);
  content.markers.erase(shard);
}

Result<void> MemoryDatabase::change(Change change, const std::vector<StateWrite>& writes) {
  const std::lock_guard<std::recursive_mutex> lock(mutex_);
  for (const StateWrite& write : writes) {
    change.writes.emplace_back(write.key, std::nullopt);
    if (write.value) change.writes.back().second.emplace(*write.value);
  }
  const bool done = power();
  ++operations_;
  undurable_.push_back(std::move(change));
  if (!done) return Error{"the database has no power"};
  perform(written_, undurable_.back());
  return {};
}

Result<void> MemoryDatabase::write(const ShardBatch& batch) {
  STOA_CHECK(install_marker(batch.shard)->empty(), "a shard that is being installed takes no other writes");
  return change({batch.shard, batch.mark, std::nullopt, {}}, batch.writes);
}

Result<void> MemoryDatabase::begin_install(uint16_t shard, std::string_view marker) {
  return change({shard, std::nullopt, std::string(marker), {}}, {});
}

Result<void> MemoryDatabase::add_installed(uint16_t shard, const std::vector<StateWrite>& writes) {
  STOA_CHECK(!install_marker(shard)->empty(), "an install has begun");
  return change({shard, std::nullopt, std::nullopt, {}}, writes);
}

Result<void> MemoryDatabase::end_install(uint16_t shard, const ShardMark& mark) {
  STOA_CHECK(!install_marker(shard)->empty(), "an install has begun");
  return change({shard, mark, std::nullopt, {}}, {});
}

Result<std::string> MemoryDatabase::install_marker(uint16_t shard) const {
  const std::lock_guard<std::recursive_mutex> lock(mutex_);
  const auto found = written_.markers.find(shard);
  return found == written_.markers.end() ? std::string() : found->second;
}

Result<std::unique_ptr<ShardView>> MemoryDatabase::view(uint16_t shard) const {
  const std::lock_guard<std::recursive_mutex> lock(mutex_);
  const std::string from = shard_prefix(shard), to = after_prefix(from);
  const auto low = written_.records.lower_bound(from);
  const auto high = to.empty() ? written_.records.end() : written_.records.lower_bound(to);
  WriteSet records;
  for (auto record = low; record != high; ++record) records.put(record->first, record->second);
  return std::unique_ptr<ShardView>(std::make_unique<CopiedShardView>(mark(shard).value(), records));
}

Result<void> MemoryDatabase::flush() {
  const std::lock_guard<std::recursive_mutex> lock(mutex_);
  const bool done = power();
  ++operations_;
  if (!done) return Error{"the database has no power"};
  for (const Change& change : undurable_) perform(durable_, change);
  undurable_.clear();
  return {};
}

Result<void> MemoryDatabase::wipe(uint16_t shard) {
  const Result<void> flushed = flush();
  if (!flushed) return flushed;
  const std::lock_guard<std::recursive_mutex> lock(mutex_);
  remove_shard(written_, shard);
  remove_shard(durable_, shard);
  return {};
}

Result<std::optional<ShardMark>> MemoryDatabase::mark(uint16_t shard) const {
  const std::lock_guard<std::recursive_mutex> lock(mutex_);
  const auto found = written_.marks.find(shard);
  return found == written_.marks.end() ? std::nullopt : std::optional(found->second);
}

Result<std::optional<ShardMark>> MemoryDatabase::durable_mark(uint16_t shard) const {
  const std::lock_guard<std::recursive_mutex> lock(mutex_);
  const auto found = durable_.marks.find(shard);
  return found == durable_.marks.end() ? std::nullopt : std::optional(found->second);
}

bool MemoryDatabase::get(std::string_view key, std::string& value) const {
  const std::lock_guard<std::recursive_mutex> lock(mutex_);
  const auto found = written_.records.find(key);
  if (found != written_.records.end()) value = found->second;
  return found != written_.records.end();
}

void MemoryDatabase::scan(std::string_view from, std::string_view to, bool backwards, const Each& each) const {
  const std::lock_guard<std::recursive_mutex> lock(mutex_);
  if (empty_range(from, to)) return;
  auto low = written_.records.lower_bound(from);
  auto high = to.empty() ? written_.records.end() : written_.records.lower_bound(to);
  while (low != high) {
    const auto& at = backwards ? *std::prev(high) : *low;
    if (!each(at.first, at.second)) return;
    backwards ? void(--high) : void(++low);
  }
}

void MemoryDatabase::crash(Random& random) {
  const std::lock_guard<std::recursive_mutex> lock(mutex_);
  const size_t kept = random.below(undurable_.size() + 1);
  for (size_t i = 0; i < kept; ++i) perform(durable_, undurable_[i]);
  undurable_.clear();
  written_ = durable_;
  cut_at_.reset();
}

uint64_t MemoryDatabase::operations() const {
  const std::lock_guard<std::recursive_mutex> lock(mutex_);
  return operations_;
}

void MemoryDatabase::cut_power_at(uint64_t operation) {
  const std::lock_guard<std::recursive_mutex> lock(mutex_);
  cut_at_ = operation;
}

}  // namespace stoa
