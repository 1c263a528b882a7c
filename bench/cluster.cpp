// What replication costs: three nodes of Stoa on this machine beside one of it, and beside three PostgreSQL whose
// commits a quorum has synced, under the same load in the same run. See docs/bench.md.
#include <iterator>

#include "bench/checkout/contest.hpp"
#include "bench/checkout/node.hpp"
#include "bench/checkout/postgres.hpp"
#include "bench/checkout/workplace.hpp"

namespace stoa::bench {
namespace {

constexpr const char* kUsage = R"(usage: bench_cluster [OPTION...]
  --stoa FILE       the program to measure (build/release/stoa)
  --directory DIR   where the servers keep their data, all on this disk (/var/tmp)
  --seconds S       of one measurement (2)
  --rounds N        how often all are measured, in turns (3)
  --json FILE       write what was found there too
exit: 0 floors held, 10 a floor was missed, 1 the run failed, 2 wrong usage
)";
constexpr int kNodes = 3;
// Each from one to where it gets no better: a client of PostgreSQL is a process, a connection of Stoa a place in a
// batch.
constexpr int kConnections[] = {1, 16, 64, 256, 1024};
constexpr int kPostgresClients[] = {1, 8, 16, 32, 64};
constexpr const char* kOne = "stoa one";
constexpr const char* kThree = "stoa three";
constexpr const char* kPostgres = "postgres three";

// A group's commits for each time that a node synced its journal.
double commits_per_sync(const Measured& measured, int nodes) {
  const double commits = measured.each("stoa_shard_batch_size_count") * nodes;
  return ratio(commits, measured.each("stoa_journal_turns_total"));
}

std::vector<Verdict> asked(Report& report) {
  const Measured one = report.best_measured(kOne), three = report.best_measured(kThree);
  const Measured postgres = report.best_measured(kPostgres);
  return {
      {"checkouts, best, of three PostgreSQL's best", ratio(three.rate(), postgres.rate()), 2.5},
      {"CPU of a checkout, of three PostgreSQL's", ratio(three.server_us(), postgres.server_us())},
      {"checkouts of three nodes, of one's", ratio(three.rate(), one.rate())},
      {"CPU of a checkout by three nodes, of one's", ratio(three.server_us(), one.server_us())},
      {"commits for each sync, one node", commits_per_sync(one, 1)},
      {"commits for each sync, three nodes", commits_per_sync(three, kNodes)},
  };
}

struct Contest {
  explicit Contest(const ContestOptions& wanted)
      : options(wanted),
        one(options.stoa, place.path() + "/one", 1),
        three(options.stoa, place.path() + "/three", kNodes),
        postgres(place.path() + "/postgres", kNodes - 1) {}

  // All by turns, so that each one meets the same moods of the machine.
  void round(double seconds) {
    const auto take = [&](const char* system, int clients, Measured measured) {
      report.row(system, clients).measured.add(measured);
      stop_if_interrupted();
    };
    for (size_t i = 0; i < std::size(kConnections); ++i) {
      take(kOne, kConnections[i], one.checkouts(kConnections[i], seconds));
      take(kThree, kConnections[i], three.checkouts(kConnections[i], seconds));
      take(kPostgres, kPostgresClients[i], postgres.measure(kPostgresClients[i], seconds));
    }
  }

  const ContestOptions& options;
  Workplace place{options.directory};
  Node one, three;
  Postgres postgres;
  Report report{asked, {kOne, kThree}};
};

Report run(const ContestOptions& options) {
  say("starting one node, three nodes and three PostgreSQL");
  Contest contest(options);
  take_turns(options, contest.report, [&](double seconds) { contest.round(seconds); });
  say("comparing stock with what was acknowledged");
  contest.postgres.check_stock();
  contest.one.check_stock();
  contest.three.check_stock();
  return contest.report;
}

}  // namespace
}  // namespace stoa::bench

int main(int argc, char** argv) {
  using namespace stoa::bench;
  return contest_main({"bench_cluster", kUsage, {}, [](const ContestOptions&) { return true; }, run}, argc, argv);
}
