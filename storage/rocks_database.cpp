// Table 0 of a shard holds its mark under the empty key, so that a mark is written, and wiped, with the shard's range;
// and, while a snapshot is being installed, the marker in its place.
#include "storage/rocks_database.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include "base/check.hpp"
#include "storage/key.hpp"
#include "storage/little_endian.hpp"

#ifdef __SANITIZE_THREAD__
// The library comes without instrumentation, so the sanitizer cannot see what orders its own accesses.
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() { return "race:rocksdb::\n"; }
#endif

namespace stoa {
namespace {

constexpr Table kMarkTable = 0;
constexpr uint8_t kMarkVersion = 1;
constexpr std::string_view kInstallKey = "install";
constexpr size_t kBatchOverhead = 128;  // of a batch and its mark, at most
constexpr size_t kWriteOverhead = 11;   // of a record in a batch: its kind and two sizes, at most
constexpr size_t kFetchedAhead = 8;     // records

rocksdb::Slice slice(std::string_view bytes) { return {bytes.data(), bytes.size()}; }
std::string_view view(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

Error failed(const char* what, const rocksdb::Status& status) {
  return Error{std::string("the state database could not ") + what + ": " + status.ToString()};
}

std::string encode_mark(const ShardMark& mark) {
  std::string out;
  put_number(out, kMarkVersion);
  put_number(out, mark.replica);
  put_number(out, mark.applied);
  put_number(out, mark.term);
  return out += mark.members;
}

Result<std::optional<ShardMark>> decode_mark(std::string_view bytes) {
  NumberReader in(bytes);
  if (in.number<uint8_t>() != kMarkVersion) return Error{"a shard's mark is of an unknown version"};
  ShardMark out;
  out.replica = in.number<ReplicaId>();
  out.applied = in.number<Index>();
  out.term = in.number<Term>();
  out.members = in.bytes(in.left());
  if (!in.ok()) return Error{"a shard's mark is damaged"};
  return std::optional(std::move(out));
}

// What RocksDB does in its own threads must not fail unnoticed until the next write.
class StopOnError final : public rocksdb::EventListener {
 public:
  void OnBackgroundError(rocksdb::BackgroundErrorReason, rocksdb::Status* status) override {
    STOA_CHECK(false, "the state database failed in the background: " + status->ToString());
  }
};

rocksdb::Options rocks_options(const RocksOptions& from) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(from.block_cache_bytes);
  table.cache_index_and_filter_blocks = true;  // so that the bound on memory is one
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.format_version = 5;

  rocksdb::Options out;
  out.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  out.create_if_missing = true;
  out.write_buffer_size = from.memtable_bytes;
  out.max_write_buffer_number = 2;
  out.memtable_whole_key_filtering = true;
  out.memtable_prefix_bloom_size_ratio = 0.02;
  // One writer, sorted batches: an insert begins where the last one of its table ended.
  out.allow_concurrent_memtable_write = false;
  out.enable_write_thread_adaptive_yield = false;
  out.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(3));
  out.level_compaction_dynamic_level_bytes = true;
  // Four times the usual number: databases that are flushed for the journal's sake make small tables, each merge of
  // which rewrites the level below. Merging cost 20 us of CPU a checkout instead of 30 with twice the number
  // (bench_state's load, flushed every 4 MiB), and three nodes took 7 % less for a checkout with four times. A read
  // asks more filters.
  out.level0_file_num_compaction_trigger = 16;
  out.level0_slowdown_writes_trigger = 40;  // as far above it as by default
  out.level0_stop_writes_trigger = 60;
  out.compression_per_level = {rocksdb::kNoCompression, rocksdb::kNoCompression, rocksdb::kLZ4Compression};
  out.max_background_jobs = 2;
  out.bytes_per_sync = 1 << 20;  // a table's final sync must not hold up the journal's
  out.max_open_files = 256;
  out.keep_log_file_num = 2;
  out.max_log_file_size = 1 << 20;
  out.info_log_level = rocksdb::WARN_LEVEL;
  out.stats_dump_period_sec = 0;
  out.stats_persist_period_sec = 0;
  // What is durable is decided by the flusher alone: closing without its flush is a crash like any other.
  out.avoid_flush_during_shutdown = true;
  out.listeners.emplace_back(new StopOnError);
  return out;
}

bool in_mark_table(std::string_view key) { return key.size() >= 3 && key[2] == kMarkTable; }

Result<std::optional<ShardMark>> read_mark(rocksdb::DB& db, const rocksdb::ReadOptions& options, uint16_t shard) {
  std::string bytes;
  const rocksdb::Status status = db.Get(options, table_prefix(shard, kMarkTable), &bytes);
  if (status.IsNotFound()) return std::optional<ShardMark>{};
  if (!status.ok()) return failed("read a mark", status);
  return decode_mark(bytes);
}

bool get_with(rocksdb::DB& db, const rocksdb::ReadOptions& options, std::string_view key, std::string& value) {
  const rocksdb::Status status = db.Get(options, slice(key), &value);
  STOA_CHECK(status.ok() || status.IsNotFound(), failed("read", status).what);
  return status.ok();
}

void scan_with(rocksdb::DB& db, rocksdb::ReadOptions options, std::string_view from, std::string_view to,
               bool backwards, const View::Each& each) {
  if (empty_range(from, to)) return;
  const rocksdb::Slice low = slice(from), high = slice(to);
  options.iterate_lower_bound = &low;
  if (!to.empty()) options.iterate_upper_bound = &high;
  const std::unique_ptr<rocksdb::Iterator> at(db.NewIterator(options));
  for (backwards ? at->SeekToLast() : at->Seek(low); at->Valid(); backwards ? at->Prev() : at->Next()) {
    if (in_mark_table(view(at->key()))) continue;
    if (!each(view(at->key()), view(at->value()))) return;
  }
  STOA_CHECK(at->status().ok(), failed("scan", at->status()).what);
}

class RocksDatabase final : public Database {
 public:
  explicit RocksDatabase(std::unique_ptr<rocksdb::DB> db) : db_(std::move(db)) { unlogged_.disableWAL = true; }

  Result<void> write(const ShardBatch& batch) override {
    rocksdb::WriteBatch out(bytes_of(batch));  // megabytes: it would be copied again and again as it grows
    out.Put(table_prefix(batch.shard, kMarkTable), encode_mark(batch.mark));
    add(out, batch.writes);
    return write_batch(out);
  }

  Result<void> flush() override {
    rocksdb::FlushOptions options;
    options.wait = true;
    options.allow_write_stall = true;
    const rocksdb::Status status = db_->Flush(options);
    if (!status.ok()) return failed("flush", status);
    return {};
  }

  Result<void> wipe(uint16_t shard) override {
    rocksdb::WriteBatch out;
    wipe_range(out, shard);
    if (auto wiped = write_batch(out); !wiped) return wiped;
    return flush();
  }

  Result<std::optional<ShardMark>> mark(uint16_t shard) const override { return read_mark(*db_, {}, shard); }

  Result<std::optional<ShardMark>> durable_mark(uint16_t shard) const override {
    rocksdb::ReadOptions options;
    options.read_tier = rocksdb::kPersistedTier;
    return read_mark(*db_, options, shard);
  }

  Result<std::unique_ptr<ShardView>> view(uint16_t shard) const override;

  Result<void> begin_install(uint16_t shard, std::string_view marker) override {
    rocksdb::WriteBatch out;
    wipe_range(out, shard);
    out.Put(install_key(shard), slice(marker));  // after the wipe, so it stays
    return write_batch(out);
  }

  Result<void> add_installed(uint16_t, const std::vector<StateWrite>& writes) override {
    rocksdb::WriteBatch out;
    add(out, writes);
    return write_batch(out);
  }

  Result<void> end_install(uint16_t shard, const ShardMark& mark) override {
    rocksdb::WriteBatch out;
    out.Delete(install_key(shard));
    out.Put(table_prefix(shard, kMarkTable), encode_mark(mark));
    return write_batch(out);
  }

  Result<std::string> install_marker(uint16_t shard) const override {
    std::string marker;
    const rocksdb::Status status = db_->Get({}, install_key(shard), &marker);
    if (!status.ok() && !status.IsNotFound()) return failed("read a marker", status);
    return marker;
  }

  bool get(std::string_view key, std::string& value) const override { return get_with(*db_, {}, key, value); }
  void scan(std::string_view from, std::string_view to, bool backwards, const Each& each) const override {
    scan_with(*db_, {}, from, to, backwards, each);
  }

 private:
  static std::string install_key(uint16_t shard) { return table_prefix(shard, kMarkTable).append(kInstallKey); }

  // The first key is shorter than the prefix of insert hints, and must be: RocksDB 7.8 uses one hint for the records
  // and for the range deletions of a prefix, although they are different lists, and corrupts them.
  static void wipe_range(rocksdb::WriteBatch& out, uint16_t shard) {
    const std::string from = shard_prefix(shard), to = after_prefix(from);
    STOA_CHECK(!to.empty(), "the last shard number is not used");
    out.DeleteRange(from, to);
  }

  // At least.
  static size_t bytes_of(const ShardBatch& batch) {
    size_t bytes = kBatchOverhead + batch.mark.members.size();
    for (const StateWrite& write : batch.writes) {
      bytes += kWriteOverhead + write.key.size() + (write.value ? write.value->size() : 0);
    }
    return bytes;
  }

  static void add(rocksdb::WriteBatch& out, const std::vector<StateWrite>& writes) {
    for (size_t i = 0; i < writes.size(); ++i) {
      // They lie all over the layer; what is copied soon is fetched meanwhile.
      if (i + kFetchedAhead < writes.size()) {
        const StateWrite& ahead = writes[i + kFetchedAhead];
        __builtin_prefetch(ahead.key.data());
        if (ahead.value) __builtin_prefetch(ahead.value->data());
      }
      const StateWrite& write = writes[i];
      if (write.value)
        out.Put(slice(write.key), slice(*write.value));
      else
        out.Delete(slice(write.key));
    }
  }

  Result<void> write_batch(rocksdb::WriteBatch& batch) {
    const rocksdb::Status status = db_->Write(unlogged_, &batch);
    if (!status.ok()) return failed("write", status);
    return {};
  }

  const std::unique_ptr<rocksdb::DB> db_;
  rocksdb::WriteOptions unlogged_;
};

class RocksShardView final : public ShardView {
 public:
  RocksShardView(rocksdb::DB& db, const rocksdb::Snapshot* at, std::optional<ShardMark> mark)
      : ShardView(std::move(mark)), db_(db), at_(at) {}
  ~RocksShardView() override { db_.ReleaseSnapshot(at_); }

  bool get(std::string_view key, std::string& value) const override { return get_with(db_, options(), key, value); }
  void scan(std::string_view from, std::string_view to, bool backwards, const Each& each) const override {
    scan_with(db_, options(), from, to, backwards, each);
  }

 private:
  rocksdb::ReadOptions options() const {
    rocksdb::ReadOptions out;
    out.snapshot = at_;
    out.fill_cache = false;  // who reads a whole shard must not drive out what commands read
    return out;
  }

  rocksdb::DB& db_;
  const rocksdb::Snapshot* const at_;
};

Result<std::unique_ptr<ShardView>> RocksDatabase::view(uint16_t shard) const {
  rocksdb::ReadOptions options;
  options.snapshot = db_->GetSnapshot();
  auto mark = read_mark(*db_, options, shard);
  if (!mark) {
    db_->ReleaseSnapshot(options.snapshot);
    return mark.error();
  }
  return std::unique_ptr<ShardView>(std::make_unique<RocksShardView>(*db_, options.snapshot, std::move(*mark)));
}

}  // namespace

Result<std::unique_ptr<Database>> open_rocks_database(const std::string& path, const RocksOptions& options) {
  rocksdb::DB* db = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(rocks_options(options), path, &db);
  if (!status.ok()) return failed("open", status);
  return std::unique_ptr<Database>(std::make_unique<RocksDatabase>(std::unique_ptr<rocksdb::DB>(db)));
}

}  // namespace stoa
