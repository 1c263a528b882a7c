// The kinds of Database for tests that run on each: how to open one, and how to take its power away.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <memory>
#include <string>

#include "base/random.hpp"
#include "storage/memory_database.hpp"
#include "storage/rocks_database.hpp"

namespace stoa {

class MemoryKind {
 public:
  Database& database() { return database_; }
  void crash(Random& random) { database_.crash(random); }

 private:
  MemoryDatabase database_;
};

class RocksKind {
 public:
  RocksKind() {
    std::string path = ::testing::TempDir() + "stoa-state-XXXXXX";
    directory_ = ::mkdtemp(path.data());
    open();
  }
  ~RocksKind() {
    database_.reset();
    std::filesystem::remove_all(directory_);
  }

  Database& database() { return *database_; }
  // Closing flushes nothing: what was in memory is gone.
  void crash(Random&) {
    database_.reset();
    open();
  }
  const std::string& directory() const { return directory_; }

 private:
  void open() {
    auto opened = open_rocks_database(directory_ + "/state", {1 << 20, 1 << 20});
    if (!opened) std::abort();
    database_ = std::move(opened).value();
  }

  std::string directory_;
  std::unique_ptr<Database> database_;
};

using DatabaseKinds = ::testing::Types<MemoryKind, RocksKind>;

// One batch from pairs that outlive the call.
inline ShardBatch batch_of(uint16_t shard, ShardMark mark,
                           const std::vector<std::pair<std::string, std::optional<std::string>>>& writes) {
  ShardBatch out{shard, std::move(mark), {}};
  for (const auto& [key, value] : writes) {
    out.writes.push_back({key, value ? std::optional<std::string_view>(*value) : std::nullopt});
  }
  return out;
}

inline std::string scanned(const View& view, std::string_view from, std::string_view to, bool backwards = false,
                           size_t most = 1000) {
  std::string out;
  size_t count = 0;
  view.scan(from, to, backwards, [&](std::string_view key, std::string_view value) {
    if (key.size() > 3) out.append(key.substr(3)).append("=").append(value).append(" ");
    return ++count < most;
  });
  return out;
}

}  // namespace stoa
