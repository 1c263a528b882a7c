// How near the journal comes to the disk: synced turns a second beside the rate at which this disk takes 4 KiB written
// over a preallocated file and synced, measured in turns in the same run. Usage: bench_journal [directory] [seconds]
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <functional>

#include "storage/file_journal.hpp"
#include "storage/journal_thread.hpp"
#include "storage/posix_disk.hpp"

namespace stoa {
namespace {

constexpr GroupId kGroup{1, 0};
constexpr size_t kEntryBytes = 300;

template <class T>
T must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "bench_journal: %s\n", result.error().what.c_str());
    std::exit(1);
  }
  return std::move(result).value();
}
void must(const Result<void>& done) {
  if (!done) must(Result<int>(done.error()));
}

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

// Calls a second of what is called until the time is up.
double rate(double seconds, const std::function<void()>& once) {
  const SystemClock clock;
  const int64_t start_ns = clock.monotonic_ns();
  int64_t now_ns = start_ns;
  uint64_t calls = 0;
  for (; static_cast<double>(now_ns - start_ns) < seconds * 1e9; now_ns = clock.monotonic_ns(), ++calls) once();
  return static_cast<double>(calls) * 1e9 / static_cast<double>(now_ns - start_ns);
}

struct Bench {
  Bench(Disk& disk, double round_seconds)
      : seconds(round_seconds), raw(must(disk.create("raw", 64 << 20))), journal(must(FileJournal::open(disk, {}))) {
    must(journal->append({{kGroup, 1, Reset{0, 0}}}, true));
  }

  double disk_rate() {
    const std::string block(kJournalBlock, 'x');
    return rate(seconds, [&] {
      must(raw->write(raw_at, block));
      must(raw->sync());
      raw_at = (raw_at + block.size()) % raw->size();
    });
  }

  JournalRecord entry() { return {kGroup, 1, Entries{{{++last, 1, 0, std::string(kEntryBytes, 'x')}}}}; }

  double journal_rate() {
    return rate(seconds, [&] {
      must(journal->append({entry()}, true));
      if (last % 256 == 0) journal->trim(kGroup, last - 64);
    });
  }

  // So many submitters, each of which submits again when its last entry is stored.
  void through_the_writer(int submitters, double disk_per_second) {
    class OnWriter final : public Executor {
      void post(std::function<void()> work) override { work(); }
    } executor;
    const SystemClock clock;
    uint64_t turns = 0, entries = 0;
    std::atomic<bool> stop{false};
    std::atomic<int> running{submitters};
    JournalWriter writer(*journal, clock, [&](const JournalTurn& turn) {
      ++turns;
      entries += turn.records;
      journal->trim(kGroup, last > 64 ? last - 64 : 0);
    });
    const std::function<void()> again = [&] {
      if (stop) return void(--running);
      writer.submit({entry()}, true, executor, again);
    };
    const double cpu = cpu_seconds();
    const int64_t start_ns = clock.monotonic_ns();
    for (int i = 0; i < submitters; ++i) again();
    {
      const JournalThread thread(writer);
      while (static_cast<double>(clock.monotonic_ns() - start_ns) < seconds * 1e9) {
        const timespec nap{0, 5'000'000};
        ::nanosleep(&nap, nullptr);
      }
      stop = true;
      while (running > 0) {
        const timespec nap{0, 1'000'000};
        ::nanosleep(&nap, nullptr);
      }
    }
    const double took = static_cast<double>(clock.monotonic_ns() - start_ns) / 1e9;
    std::printf("writer, %3d at once    %8.0f turns/s  %4.2f of the disk  %8.0f entries/s  %5.1f us of CPU an entry\n",
                submitters, static_cast<double>(turns) / took, static_cast<double>(turns) / took / disk_per_second,
                static_cast<double>(entries) / took, (cpu_seconds() - cpu) * 1e6 / static_cast<double>(entries));
  }

  // Leaves a journal with little room in it, as a start after hard work finds it.
  void fill() {
    for (int turn = 0; turn < 400; ++turn) {
      std::vector<JournalRecord> records;
      for (int i = 0; i < 1000; ++i) records.push_back(entry());
      must(journal->append(records, true));
    }
  }

  const double seconds;
  std::unique_ptr<File> raw;
  uint64_t raw_at = 0;
  std::unique_ptr<FileJournal> journal;
  Index last = 0;
};

void run(const std::string& parent, double seconds) {
  const std::string directory = parent + "/bench-journal";
  std::filesystem::remove_all(directory);
  const SystemClock clock;
  {
    const auto new_disk = must(PosixDisk::open_directory(directory));
    const int64_t began_ns = clock.monotonic_ns();
    Bench bench(*new_disk, seconds);
    std::printf("making a new one       %8.0f ms\n", static_cast<double>(clock.monotonic_ns() - began_ns) / 1e6);
    double disk_sum = 0, journal_sum = 0;
    for (int round = 0; round < 3; ++round) {  // by turns, so that both see the same moods of the disk
      disk_sum += bench.disk_rate();
      journal_sum += bench.journal_rate();
    }
    std::printf("disk, 4 KiB and sync   %8.0f turns/s\n", disk_sum / 3);
    std::printf("journal, 1 entry       %8.0f turns/s  %4.2f of the disk\n", journal_sum / 3, journal_sum / disk_sum);
    for (const int submitters : {1, 16, 64, 256}) bench.through_the_writer(submitters, disk_sum / 3);
    bench.fill();
  }
  const auto disk = must(PosixDisk::open_directory(directory));
  const int64_t start_ns = clock.monotonic_ns();
  const auto journal = must(FileJournal::open(*disk, {}));
  std::printf("opening a full one     %8.0f ms, ", static_cast<double>(clock.monotonic_ns() - start_ns) / 1e6);
  const auto log = must(journal->recover(kGroup));
  std::printf("reading all its %zu entries included %.0f ms\n", log->entries.size(),
              static_cast<double>(clock.monotonic_ns() - start_ns) / 1e6);
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace stoa

int main(int argc, char** argv) { stoa::run(argc > 1 ? argv[1] : ".", argc > 2 ? std::atof(argv[2]) : 2.0); }
