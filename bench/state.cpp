// What the state costs behind a checkout: microseconds of CPU for applying it to the overlay, for the flusher, and for
// RocksDB's own threads, by how much may be dirty. Usage: bench_state [directory] [checkouts]
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <filesystem>
#include <functional>
#include <vector>

#include "base/random.hpp"
#include "storage/key.hpp"
#include "storage/rocks_database.hpp"
#include "storage/shard_state.hpp"

namespace stoa {
namespace {

constexpr uint16_t kShard = 1;
constexpr uint64_t kProducts = 10'000;
constexpr size_t kOutboxLag = 40, kReservationLag = 200;  // checkouts until the row is deleted

double seconds_of(clockid_t clock) {
  timespec t{};
  ::clock_gettime(clock, &t);
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

template <class T>
T must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "bench_state: %s\n", result.error().what.c_str());
    std::exit(1);
  }
  return std::move(result).value();
}

class Queue final : public Executor {
 public:
  void post(std::function<void()> work) override { queue_.push_back(std::move(work)); }
  void run() {
    for (; !queue_.empty(); queue_.pop_front()) queue_.front()();
  }

 private:
  std::deque<std::function<void()>> queue_;
};

// The records that a checkout with three lines leaves in all its shards, in the tables of one.
class Checkouts {
 public:
  WriteSet next() {
    WriteSet set;
    const Uuid order = mint_uuid(Time{1'700'000'000'000 + made_}, 7, random_);
    const auto put = [&](Table table, const auto& key, size_t bytes) {
      std::string whole = table_prefix(kShard, table);
      append_key(whole, key);
      set.put(whole, std::string(bytes, static_cast<char>('a' + made_ % 26)));
    };
    for (uint64_t line = 0; line < 3; ++line) {
      put(1, random_.below(kProducts), 60);                // stock
      put(2, std::make_tuple(order, line), 90);            // reservation
      put(200, mint_uuid(order.time(), 9, random_), 250);  // idempotency
      put(201, std::make_tuple(order, line), 200);         // outbox
    }
    for (const Table table : {3, 4, 5}) put(table, order, 400);  // order, payment, shipment
    orders_.push_back(order);
    forget(set, 201, kOutboxLag);
    forget(set, 2, kReservationLag);
    if (orders_.size() > kReservationLag) orders_.pop_front();
    ++made_;
    return set;
  }

 private:
  void forget(WriteSet& set, Table table, size_t lag) {
    if (orders_.size() <= lag) return;
    for (uint64_t line = 0; line < 3; ++line) {
      std::string whole = table_prefix(kShard, table);
      append_key(whole, std::make_tuple(orders_[orders_.size() - 1 - lag], line));
      set.put(whole, std::nullopt);
    }
  }

  SeededRandom random_{1};
  std::deque<Uuid> orders_;
  int64_t made_ = 0;
};

// Microseconds of CPU for one call.
double each(int calls, const std::function<void(int)>& once) {
  const double from = seconds_of(CLOCK_THREAD_CPUTIME_ID);
  for (int i = 0; i < calls; ++i) once(i);
  return (seconds_of(CLOCK_THREAD_CPUTIME_ID) - from) * 1e6 / calls;
}

void measure_reads(const ShardState& state) {
  constexpr int kCalls = 20'000;
  SeededRandom random(3);
  const auto stock = [&](uint64_t products) {
    std::string key = table_prefix(kShard, 1);
    append_key(key, random.below(products));
    std::string value;
    return state.get(key, value);
  };
  const double hot = each(kCalls, [&](int) { stock(500); });
  const double cold = each(kCalls, [&](int) { stock(kProducts); });
  const double miss = each(kCalls, [&](int) {
    std::string key = table_prefix(kShard, 200), value;
    append_key(key, Uuid{random.u64() % 0x018bcfe568000000, random.u64()});
    state.get(key, value);
  });
  const double born = each(kCalls, [&](int) {
    std::string key = table_prefix(kShard, 3), value;
    append_key(key, Uuid{UINT64_MAX, random.u64()});
    state.get(key, value);
  });
  const double page = each(kCalls / 10, [&](int) {
    std::string from = table_prefix(kShard, 1);
    const std::string to = after_prefix(from);
    append_key(from, random.below(kProducts));
    int rows = 0;
    state.scan(from, to, false, [&](std::string_view, std::string_view) { return ++rows < 20; });
  });
  std::printf(
      "a read: hot %.2f us, of %zu records %.2f us, not there %.2f us, not there and new %.2f us;"
      " a page of 20: %.1f us\n",
      hot, static_cast<size_t>(kProducts), cold, miss, born, page);
}

void run(const std::string& parent, const char* name, size_t layer_bytes, int checkouts) {
  const std::string directory = parent + "/bench-state";
  std::filesystem::remove_all(directory);
  const auto database = must(open_rocks_database(directory));
  const SystemClock clock;
  Queue queue;
  size_t puts = 0, flushes = 0;
  StateFlusher flusher(clock, {layer_bytes, 1'000'000, 32 << 20, 1'000'000, 1 << 30}, [&](const FlusherStep& step) {
    puts += step.puts;
    flushes += step.flushes;
  });
  ShardState state(*database, flusher, {1, kShard}, 1, queue, nullptr);
  Checkouts checkout;
  std::vector<WriteSet> batch;
  double apply = 0, flush = 0, made = 0;
  size_t records = 0;
  const double process = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
  const auto step = [&] {
    const double from = seconds_of(CLOCK_THREAD_CPUTIME_ID);
    must(flusher.step());
    flush += seconds_of(CLOCK_THREAD_CPUTIME_ID) - from;
    queue.run();
  };
  for (int done = 0; done < checkouts; done += 64) {
    const double from = seconds_of(CLOCK_THREAD_CPUTIME_ID);
    for (int i = 0; i < 64; ++i) records += batch.emplace_back(checkout.next()).size();
    const double between = seconds_of(CLOCK_THREAD_CPUTIME_ID);
    for (const WriteSet& set : batch) state.apply(state.applied() + 1, 1, set);
    batch.clear();
    made += between - from;
    apply += seconds_of(CLOCK_THREAD_CPUTIME_ID) - between;
    step();
  }
  state.hand_over(true);
  step();
  const double behind = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - process - apply - flush - made;
  const double per = 1e6 / checkouts;
  std::printf(
      "%-14s %5.1f records  %5.1f puts  apply %5.1f us  flusher %5.1f us  RocksDB behind %5.1f us"
      "  %5.2f us a put  (%zu flushes)\n",
      name, static_cast<double>(records) / checkouts, static_cast<double>(puts) / checkouts, apply * per, flush * per,
      behind * per, (flush + behind) * 1e6 / static_cast<double>(puts), flushes);
  measure_reads(state);
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace stoa

int main(int argc, char** argv) {
  const std::string directory = argc > 1 ? argv[1] : ".";
  const int checkouts = argc > 2 ? std::atoi(argv[2]) : 100'000;
  std::printf("a checkout, in microseconds of CPU:\n");
  stoa::run(directory, "put at once", 1, checkouts);
  stoa::run(directory, "4 MiB dirty", 4 << 20, checkouts);
  stoa::run(directory, "32 MiB dirty", 32 << 20, checkouts);
}
