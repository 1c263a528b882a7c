// A database, as a planted fault, that loses some of what it is given and says nothing.
#pragma once

#include <algorithm>

#include "storage/database.hpp"

namespace stoa::whole {

class DamagedDatabase final : public Database {
 public:
  explicit DamagedDatabase(Database& real) : real_(real) {}

  Result<void> write(const ShardBatch& batch) override {
    ShardBatch less = batch;
    const auto lost = [](const StateWrite& w) { return static_cast<unsigned char>(w.key[2]) == kTable && w.value; };
    less.writes.erase(std::remove_if(less.writes.begin(), less.writes.end(), lost), less.writes.end());
    return real_.write(less);
  }
  Result<void> flush() override { return real_.flush(); }
  Result<void> wipe(uint16_t shard) override { return real_.wipe(shard); }
  Result<std::optional<ShardMark>> mark(uint16_t shard) const override { return real_.mark(shard); }
  Result<std::optional<ShardMark>> durable_mark(uint16_t shard) const override { return real_.durable_mark(shard); }
  Result<std::unique_ptr<ShardView>> view(uint16_t shard) const override { return real_.view(shard); }
  Result<void> begin_install(uint16_t shard, std::string_view marker) override {
    return real_.begin_install(shard, marker);
  }
  Result<void> add_installed(uint16_t shard, const std::vector<StateWrite>& writes) override {
    return real_.add_installed(shard, writes);
  }
  Result<void> end_install(uint16_t shard, const ShardMark& mark) override { return real_.end_install(shard, mark); }
  Result<std::string> install_marker(uint16_t shard) const override { return real_.install_marker(shard); }
  bool get(std::string_view key, std::string& value) const override { return real_.get(key, value); }
  void scan(std::string_view from, std::string_view to, bool backwards, const Each& each) const override {
    real_.scan(from, to, backwards, each);
  }

 private:
  static constexpr unsigned char kTable = 2;  // of the order service: whose orders they are

  Database& real_;
};

}  // namespace stoa::whole
