// Thousands of seeds of the simulated group. STOA_SIMULATION_SEEDS raises how many each case runs; STOA_SIMULATION_SEED
// replays one, in all cases.
#include "tests/cluster/simulation/simulation.hpp"

#include <csignal>
#include <cstdlib>
#include <gtest/gtest.h>
#include <iostream>
#include <sys/wait.h>

namespace stoa::simulation {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr uint64_t kSeeds = 100;
#else
constexpr uint64_t kSeeds = 500;
#endif

uint64_t from_environment(const char* name, uint64_t otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : std::strtoull(value, nullptr, 10);
}

// A broken invariant aborts: the seed that did it must still be known.
volatile uint64_t running_seed = 0;
volatile uint64_t running_voters = 0;

void say_seed(int) {
  std::cerr << "aborted: " << running_voters << " voters, replay with STOA_SIMULATION_SEED=" << running_seed << "\n";
  std::signal(SIGABRT, SIG_DFL);
  std::abort();
}

Outcome run_seed(const Options& options) {
  running_seed = options.seed;
  running_voters = options.voters;
  std::signal(SIGABRT, say_seed);
  const Outcome out = simulate(options);
  std::signal(SIGABRT, SIG_DFL);
  return out;
}

struct Share {
  size_t voters;
  uint64_t first_seed;
  friend std::ostream& operator<<(std::ostream& out, const Share& share) {
    return out << share.voters << " voters from seed " << share.first_seed;
  }
};

class Seeds : public testing::TestWithParam<Share> {};

TEST_P(Seeds, AgreeWhateverBefallsThem) {
  const uint64_t only = from_environment("STOA_SIMULATION_SEED", 0);
  const uint64_t first = only != 0 ? only : GetParam().first_seed;
  const uint64_t count = only != 0 ? 1 : from_environment("STOA_SIMULATION_SEEDS", kSeeds);
  Outcome sum;
  for (uint64_t seed = first; seed < first + count; ++seed) {
    const Outcome run = run_seed({seed, GetParam().voters});
    EXPECT_EQ(run.violation, "") << GetParam().voters << " voters, replay with STOA_SIMULATION_SEED=" << seed;
    sum.answered += run.answered;
    sum.crashes += run.crashes;
    sum.snapshots += run.snapshots;
    sum.changes += run.changes;
    sum.term = std::max(sum.term, run.term);
  }
  std::cout << count << " seeds: " << sum.answered << " answered, " << sum.crashes << " crashes, " << sum.snapshots
            << " snapshots installed, " << sum.changes << " changes of members seen, highest term " << sum.term << "\n";
}

// A group that is born alone, grows and shrinks again.
INSTANTIATE_TEST_SUITE_P(One, Seeds, testing::Values(Share{1, 1000000}, Share{1, 2000000}));
INSTANTIATE_TEST_SUITE_P(Three, Seeds,
                         testing::Values(Share{3, 1000000}, Share{3, 2000000}, Share{3, 3000000}, Share{3, 4000000},
                                         Share{3, 5000000}, Share{3, 6000000}));
INSTANTIATE_TEST_SUITE_P(Five, Seeds,
                         testing::Values(Share{5, 1000000}, Share{5, 2000000}, Share{5, 3000000}, Share{5, 4000000}));

TEST(Simulation, RepeatsItselfForASeed) {
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    const Outcome once = simulate({seed, 3});
    const Outcome again = simulate({seed, 3});
    EXPECT_EQ(once.trace, again.trace) << "seed " << seed;
    EXPECT_NE(once.trace, simulate({seed + 100, 3}).trace);
  }
}

// The checks are worth something only if they find what is wrong. Each fault below was put in on purpose; a run ends
// with a violation, or one of the replicas notices and aborts.
class Planted : public testing::TestWithParam<Plant> {};

TEST_P(Planted, FaultIsFound) {
  const auto run = [] {
    std::signal(SIGABRT, SIG_DFL);
    for (uint64_t seed = 1; seed <= 2000; ++seed) {
      if (!simulate({seed, 3, GetParam()}).violation.empty()) {
        std::_Exit(7);
      }
    }
    std::_Exit(0);
  };
  const auto found = [](int status) {
    return (WIFEXITED(status) && WEXITSTATUS(status) == 7) || (WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
  };
  EXPECT_EXIT(run(), found, "");
}

INSTANTIATE_TEST_SUITE_P(All, Planted,
                         testing::Values(Plant::kSpeaksBeforeItsDisk, Plant::kForgetsItsVotes,
                                         Plant::kAnswersBeforeCommit, Plant::kReadsWithoutAsking,
                                         Plant::kFlushesBeyondItsState));

}  // namespace
}  // namespace stoa::simulation
