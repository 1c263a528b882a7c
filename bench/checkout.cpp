// How fast Stoa sells and shows products, beside nginx, PostgreSQL and the disk on the same machine in the same run.
// See docs/bench.md.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

#include "bench/checkout/disk_rate.hpp"
#include "bench/checkout/nginx.hpp"
#include "bench/checkout/node.hpp"
#include "bench/checkout/postgres.hpp"
#include "bench/checkout/report.hpp"
#include "bench/checkout/workplace.hpp"

namespace stoa::bench {
namespace {

constexpr const char* kUsage = R"(usage: bench_checkout [OPTION...]
  --stoa FILE       the program to measure (build/release/stoa)
  --directory DIR   where the servers keep their data, all on this disk (/var/tmp)
  --seconds S       of one measurement (2)
  --rounds N        how often all are measured, in turns (3)
  --only NAMES      measure only these of disk,nginx,read,postgres,checkout (all)
  --clients N       checkouts with so many clients only, of both shops (1 to 64)
  --json FILE       write what was found there too
exit: 0 floors held, 10 a floor was missed, 1 the run failed, 2 wrong usage
)";
constexpr int kFloorMissed = 10;
constexpr int kConnections[] = {1, 16, 64};
constexpr int kPostgresClients[] = {1, 8, 32};
constexpr int kBusy = 64;  // connections at which reads are compared

struct Options {
  std::string stoa = "build/release/stoa";
  std::string directory = "/var/tmp";
  double seconds = 2;
  int rounds = 3;
  std::string only = "disk,nginx,read,postgres,checkout";
  int clients = 0;  // 0: as in the tables above
  std::string json;

  bool wants(const char* what) const { return only.find(what) != std::string::npos; }
};

void say(const char* what) {
  std::fprintf(stderr, "%s\n", what);
  stop_if_interrupted();
}

std::vector<Verdict> asked(Report& report) {
  const Measured nginx = report.measured("nginx", kBusy);
  const Measured read = report.measured("stoa read", kBusy);
  const Measured postgres = report.best_measured("postgres");
  const Measured checkout = report.best_measured("stoa checkout");
  return {
      {"product reads, 64 connections, of nginx", ratio(read.rate(), nginx.rate()), 0.8, 0.95},
      {"checkouts, best, of PostgreSQL's best", ratio(checkout.rate(), postgres.rate()), 3, 5},
      {"CPU of a checkout, of PostgreSQL's", ratio(checkout.server_us(), postgres.server_us()), 0.2, 0, true, false},
      {"journal entries of a checkout", checkout.each("stoa_shard_applied_index"), 7, 0, true, false},
      {"actor messages of a checkout", checkout.each("stoa_actor_messages_total"), 12, 0, true, false},
      {"RocksDB puts of a checkout", checkout.each("stoa_state_puts_total"), 6, 0, true, false},
  };
}

struct Contest {
  explicit Contest(const Options& wanted)
      : options(wanted),
        disk(place.path() + "/disk"),
        node(options.stoa, place.path() + "/stoa", 1),
        nginx(place.path() + "/nginx", node.product_body()),
        postgres(place.path() + "/postgres", 0) {}

  // All by turns, so that each one meets the same moods of the machine.
  void round(double seconds) {
    const auto take = [&](const char* system, int clients, Measured measured) {
      report.row(system, clients).measured.add(measured);
      stop_if_interrupted();
    };
    if (options.wants("disk")) take("disk", 1, disk.measure(seconds / 2));
    for (const int n : kConnections) {
      if (options.wants("nginx")) take("nginx", n, nginx.measure(n, seconds));
      if (options.wants("read")) take("stoa read", n, node.reads(n, seconds));
    }
    for (size_t i = 0; i < std::size(kConnections); ++i) {
      const int clients = options.clients == 0 ? kPostgresClients[i] : options.clients;
      const int connections = options.clients == 0 ? kConnections[i] : options.clients;
      if (options.wants("postgres")) take("postgres", clients, postgres.measure(clients, seconds));
      if (options.wants("checkout")) take("stoa checkout", connections, node.checkouts(connections, seconds));
    }
  }

  void run() {
    say("warming up");
    round(options.seconds / 4);
    report.forget_rows();
    for (int i = 1; i <= options.rounds; ++i) {
      say(("round " + std::to_string(i) + " of " + std::to_string(options.rounds)).c_str());
      round(options.seconds);
    }
    say("comparing stock with what was acknowledged");
    postgres.check_stock();
    node.check_stock();
  }

  const Options& options;
  Workplace place{options.directory};
  DiskRate disk;
  Node node;
  Nginx nginx;
  Postgres postgres;
  Report report{asked, {"stoa checkout"}};
};

int run(const Options& options) {
  say("starting Stoa, nginx and PostgreSQL");
  Contest contest(options);
  contest.run();
  std::printf("a product's answer has %zu bytes\n\n", contest.node.product_body().size());
  contest.report.print(stdout);
  if (!options.json.empty()) std::ofstream(options.json) << contest.report.json().dump(2) << "\n";
  return contest.report.passed() ? 0 : kFloorMissed;
}

bool parse(int argc, char** argv, Options& options) {
  for (int i = 1; i < argc; i += 2) {
    if (i + 1 == argc) return false;
    const std::string name = argv[i], value = argv[i + 1];
    if (name == "--stoa") {
      options.stoa = value;
    } else if (name == "--directory") {
      options.directory = value;
    } else if (name == "--seconds") {
      options.seconds = std::atof(value.c_str());
    } else if (name == "--rounds") {
      options.rounds = std::atoi(value.c_str());
    } else if (name == "--only") {
      options.only = value;
    } else if (name == "--clients") {
      options.clients = std::atoi(value.c_str());
    } else if (name == "--json") {
      options.json = value;
    } else {
      return false;
    }
  }
  return options.seconds > 0 && options.rounds > 0 && options.clients >= 0 && options.clients <= 64;
}

}  // namespace
}  // namespace stoa::bench

int main(int argc, char** argv) {
  stoa::bench::Options options;
  if (argc == 2 && std::strcmp(argv[1], "--help") == 0) {
    std::fputs(stoa::bench::kUsage, stdout);
    return 0;
  }
  if (!stoa::bench::parse(argc, argv, options)) {
    std::fputs(stoa::bench::kUsage, stderr);
    return 2;
  }
  stoa::bench::watch_signals();
  try {
    return stoa::bench::run(options);
  } catch (const stoa::bench::Interrupted&) {
    std::fputs("bench_checkout: interrupted\n", stderr);
    return 130;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_checkout: %s\n", error.what());
    return 1;
  }
}
