// The product service on a node of one voter in one thread, over the in-memory twins of disk and database, with a read
// table before it. Stepped by hand; crash the disk and start another node on what is left.
#pragma once

#include <caf/all.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/product/types.hpp"
#include "actors/runtime/shard_host.hpp"
#include "actors/service_number.hpp"
#include "actors/services.hpp"
#include "app/read_table.hpp"
#include "storage/memory_database.hpp"
#include "storage/memory_journal.hpp"

namespace stoa::test {

class HandClock final : public Clock {
 public:
  Time now() const override { return Time{ms_}; }
  int64_t monotonic_ns() const override { return ms_ * 1'000'000; }
  void advance_ms(int64_t ms) { ms_ += ms; }

 private:
  int64_t ms_ = 1'700'000'000'000;
};

// What outlives a crash.
struct ProductDisk {
  MemoryJournal journal;
  MemoryDatabase database;
  HandClock clock;
};

class ProductNode {
 public:
  static constexpr uint16_t kShards = 2;

  explicit ProductNode(ProductDisk& disk, size_t table_bytes = ReadTable::kMaxBytes)
      : disk_(disk), services_(product_alone()), config_(services_), table(services_, counts(), table_bytes) {
    HostParts parts{system_, loop_,     disk.journal, writer_,  flusher_, disk.clock, random_,
                    probes_, services_, {},           counts(), {},       {},         1};
    parts.databases[service_number::product] = &disk.database;
    for (uint16_t s = 0; s < kShards; ++s) parts.replicas[{service_number::product, s}] = ReplicaBirth::alone(100u + s);
    parts.on_applying = [this](GroupId group, const WriteSet& writes) { table.applying(group, writes); };
    host_ = std::move(ShardHost::start(std::move(parts))).value();
    for (const auto& hosted : host_->shards()) table.serve(*hosted->shard);
    run_until([&] { return host_->all_lead(); });
  }

  ~ProductNode() {
    host_->stop();
    while (loop_.poll() || step_storage()) continue;
    while (system_.registry().running() > 0 && loop_.poll()) continue;
    loop_.poll();
  }

  bool step() {
    const bool moved = loop_.poll();
    return step_storage() || moved;
  }

  void run_until(const std::function<bool()>& done) {
    for (int rounds = 0; !done(); ++rounds) {
      STOA_CHECK(rounds < 100'000, "the condition comes true");
      if (step()) continue;
      disk_.clock.advance_ms(100);
      host_->tick();
    }
  }

  template <class C>
  Answer call(Slot slot, C command, Caller caller = {}) {
    Call call;
    call.caller = caller;
    call.deadline = after(disk_.clock.now(), 10'000);
    std::optional<Answer> answer;
    host_->router().call(service_number::product, slot, std::move(call), AnyCommand::of(std::move(command)),
                         [&](Answer a, bool) { answer = std::move(a); });
    run_until([&] { return answer.has_value(); });
    return *answer;
  }

  // As a GET that says no-cache, and as one that does not: body and entity tag, "" where there is nothing.
  std::string by_actor(ProductId id) {
    const Answer a = call(id.slot(), GetProduct{id});
    return a.refused() ? "" : a.body + " " + a.tag;
  }
  std::string by_table(ProductId id) {
    CachedBody hit;
    if (!table.find("/v1/products/" + id.text(), hit)) return "";
    return std::string(hit.body) + " " + std::string(hit.etag);
  }

  Time now() const { return disk_.clock.now(); }
  SeededRandom random_{1};

 private:
  struct SystemConfig : caf::actor_system_config {
    explicit SystemConfig(const std::vector<Service>& services) {
      add_message_types<caf::id_block::stoa_runtime>();
      for (const Service& service : services) service.make_port()->add_types(*this);
      set("scheduler.policy", caf::atom("sharing"));
      set("scheduler.max-threads", 1u);
    }
  };

  static std::vector<Service> product_alone() {
    std::vector<Service> out;
    for (Service& service : make_services()) {
      if (service.number == service_number::product) out.push_back(std::move(service));
    }
    return out;
  }
  static ShardCounts counts() {
    ShardCounts counts{};
    counts[service_number::product] = kShards;
    return counts;
  }

  bool step_storage() {
    const auto journal = writer_.step();
    const auto flusher = flusher_.step();
    return (journal.ok() && *journal) || (flusher.ok() && *flusher);
  }

  ProductDisk& disk_;
  const std::vector<Service> services_;
  SystemConfig config_;
  Loop loop_;
  caf::actor_system system_{config_};
  JournalWriter writer_{disk_.journal, disk_.clock};
  StateFlusher flusher_{disk_.clock};
  ProbeRegistry probes_;

 public:
  ReadTable table;

 private:
  std::unique_ptr<ShardHost> host_;
};

}  // namespace stoa::test
