// How fast Stoa sells and shows products, beside nginx, PostgreSQL and the disk on the same machine in the same run.
// See docs/bench.md.
#include <cstdio>
#include <cstdlib>
#include <iterator>

#include "bench/checkout/contest.hpp"
#include "bench/checkout/disk_rate.hpp"
#include "bench/checkout/nginx.hpp"
#include "bench/checkout/node.hpp"
#include "bench/checkout/postgres.hpp"
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
constexpr int kConnections[] = {1, 16, 64};
constexpr int kPostgresClients[] = {1, 8, 32};
constexpr int kBusy = 64;  // connections at which reads are compared

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
  explicit Contest(const ContestOptions& wanted)
      : options(wanted),
        clients(std::atoi(wanted.more.at("--clients").c_str())),
        disk(place.path() + "/disk"),
        node(options.stoa, place.path() + "/stoa", 1),
        nginx(place.path() + "/nginx", node.product_body()),
        postgres(place.path() + "/postgres", 0) {}

  bool wants(const char* what) const { return options.more.at("--only").find(what) != std::string::npos; }

  // All by turns, so that each one meets the same moods of the machine.
  void round(double seconds) {
    const auto take = [&](const char* system, int count, Measured measured) {
      report.row(system, count).measured.add(measured);
      stop_if_interrupted();
    };
    if (wants("disk")) take("disk", 1, disk.measure(seconds / 2));
    for (const int n : kConnections) {
      if (wants("nginx")) take("nginx", n, nginx.measure(n, seconds));
      if (wants("read")) take("stoa read", n, node.reads(n, seconds));
    }
    for (size_t i = 0; i < std::size(kConnections); ++i) {
      const int callers = clients == 0 ? kPostgresClients[i] : clients;
      const int connections = clients == 0 ? kConnections[i] : clients;
      if (wants("postgres")) take("postgres", callers, postgres.measure(callers, seconds));
      if (wants("checkout")) take("stoa checkout", connections, node.checkouts(connections, seconds));
    }
  }

  const ContestOptions& options;
  const int clients;  // 0: as in the tables above
  Workplace place{options.directory};
  DiskRate disk;
  Node node;
  Nginx nginx;
  Postgres postgres;
  Report report{asked, {"stoa checkout"}};
};

Report run(const ContestOptions& options) {
  say("starting Stoa, nginx and PostgreSQL");
  Contest contest(options);
  take_turns(options, contest.report, [&](double seconds) { contest.round(seconds); });
  say("comparing stock with what was acknowledged");
  contest.postgres.check_stock();
  contest.node.check_stock();
  std::printf("a product's answer has %zu bytes\n\n", contest.node.product_body().size());
  return contest.report;
}

bool fits(const ContestOptions& options) {
  const int clients = std::atoi(options.more.at("--clients").c_str());
  return clients >= 0 && clients <= 64;
}

}  // namespace
}  // namespace stoa::bench

int main(int argc, char** argv) {
  using namespace stoa::bench;
  return contest_main(
      {"bench_checkout", kUsage, {{"--only", "disk,nginx,read,postgres,checkout"}, {"--clients", "0"}}, fits, run},
      argc, argv);
}
