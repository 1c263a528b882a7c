// Whole nodes under trouble. A failure prints its seed, and STOA_SIMULATION_SEED replays it; STOA_SIMULATION_SEEDS says
// how many fresh ones are run, 0: until told to stop. docs/simulation.md
#include "tests/simulation/simulation.hpp"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <gtest/gtest.h>
#include <iostream>
#include <optional>

namespace stoa::whole {
namespace {

using Wall = std::chrono::steady_clock;

constexpr uint64_t kFixedSeeds = 20;
constexpr uint64_t kFreshSeeds = 200;
constexpr auto kFreshFor = std::chrono::seconds(45);
constexpr uint64_t kTellEvery = 100;

uint64_t running_seed = 0;
void name_the_seed(int signal) {  // a broken invariant aborts
  std::fprintf(stderr, "replay with STOA_SIMULATION_SEED=%llu\n", static_cast<unsigned long long>(running_seed));
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void tell(uint64_t seeds, const Outcome& sum) {
  std::cout << seeds << " seeds: " << sum.simulated_ms / 1000 << " simulated seconds, " << sum.settled
            << " requests settled, " << sum.orders << " orders, " << sum.confirmed << " of them sold, " << sum.starts
            << " starts of nodes, " << sum.partitions << " partitions, " << sum.moves << " changes of placement, "
            << sum.copies << " catch-ups by copy, " << sum.joins << " joins, " << sum.removals << " removals, "
            << sum.lost_disks << " lost disks, " << sum.found_disks << " of them found again, " << sum.split
            << " clusters of unlike nodes\n"
            << std::flush;
}

class Seeds : public testing::Test {
 protected:
  Seeds() {
    std::signal(SIGABRT, name_the_seed);
    std::signal(SIGSEGV, name_the_seed);
  }
  ~Seeds() override {
    if (run_ > 0) tell(run_, sum_);
  }

  void run_seed(uint64_t seed) {
    running_seed = seed;
    const Outcome run = simulate({seed});
    ASSERT_EQ(run.finding, "") << "replay with STOA_SIMULATION_SEED=" << seed;
    ++run_;
    sum_.settled += run.settled;
    sum_.orders += run.orders;
    sum_.confirmed += run.confirmed;
    sum_.starts += run.starts;
    sum_.partitions += run.partitions;
    sum_.moves += run.moves;
    sum_.split += run.split;
    sum_.copies += run.copies;
    sum_.joins += run.joins;
    sum_.removals += run.removals;
    sum_.lost_disks += run.lost_disks;
    sum_.found_disks += run.found_disks;
    sum_.simulated_ms += run.simulated_ms;
  }
  static std::optional<uint64_t> number_of(const char* variable) {
    const char* text = std::getenv(variable);
    return text == nullptr ? std::nullopt : std::optional(std::strtoull(text, nullptr, 10));
  }

  Outcome sum_;
  uint64_t run_ = 0;
};

// What a seed has found stands as a test by hand: it finds it no more once anything asks for another random number.
TEST_F(Seeds, FixedOnesAddUp) {
  for (uint64_t seed = 1; seed <= kFixedSeeds && !HasFatalFailure(); ++seed) run_seed(seed);
  // What is rare is worth nothing where it never comes about.
  EXPECT_GT(sum_.moves, 0u);
  EXPECT_GT(sum_.copies, 0u);
  EXPECT_GT(sum_.joins, 0u);
  EXPECT_GT(sum_.removals, 0u);
  EXPECT_GT(sum_.lost_disks, 0u);
  EXPECT_GT(sum_.found_disks, 0u);
  EXPECT_GT(sum_.split, 0u);
}

TEST_F(Seeds, FreshOnesAddUp) {
  if (const auto one = number_of("STOA_SIMULATION_SEED")) return run_seed(*one);
  const auto wanted = number_of("STOA_SIMULATION_SEEDS");
  const auto first = static_cast<uint64_t>(std::chrono::system_clock::now().time_since_epoch().count()) / 1000 * 1000;
  std::cout << "seeds from " << first << " on\n" << std::flush;
  const Wall::time_point until = Wall::now() + kFreshFor;
  for (uint64_t i = 0; !HasFatalFailure(); ++i) {
    if (wanted ? *wanted != 0 && i >= *wanted : i >= kFreshSeeds || Wall::now() >= until) break;
    run_seed(first + i);
    if (i % kTellEvery == kTellEvery - 1) tell(run_, sum_);
  }
}

TEST(Simulation, RepeatsItselfForASeed) {
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    const Outcome once = simulate({seed}), again = simulate({seed});
    EXPECT_EQ(once.trace, again.trace) << "seed " << seed;
    EXPECT_NE(once.trace, simulate({seed + 100}).trace);
  }
}

// The checks are worth something only if they find what is wrong: each fault below was put in on purpose. A run ends
// with a finding that names what was broken.
struct Fault {
  Plant plant;
  const char* breaks;
  const char* finding;  // how it begins; empty: a node aborts before
  const char* said;     // a pattern of what is printed
};
class Planted : public testing::TestWithParam<Fault> {};

TEST_P(Planted, FaultIsFound) {
  const auto run = [] {
    std::signal(SIGABRT, SIG_DFL);
    for (uint64_t seed = 1; seed <= 100; ++seed) {
      const std::string found = simulate({seed, GetParam().plant}).finding;
      if (found.empty()) continue;
      std::cerr << "seed " << seed << ": " << found << "\n";
      std::_Exit(found.rfind(GetParam().finding, 0) == 0 ? 7 : 8);
    }
    std::_Exit(0);
  };
  const auto found = [](int status) {
    const bool aborted = WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
    return (WIFEXITED(status) && WEXITSTATUS(status) == 7) || (aborted && *GetParam().finding == '\0');
  };
  EXPECT_EXIT(run(), found, GetParam().said);
}

INSTANTIATE_TEST_SUITE_P(
    All, Planted,
    testing::Values(Fault{Plant::kSellsHeldStock, "I1", "I1", "I1"}, Fault{Plant::kCapturesTwice, "I2", "I2", "I2"},
                    Fault{Plant::kForgetsCompensation, "I3", "I3", "I3"},
                    Fault{Plant::kForgetsSyncedWrites, "I4", "", "lost what was synced|is out of range"},
                    Fault{Plant::kForgetsKeys, "I5", "I5", "I5"}, Fault{Plant::kTellsAFactTwice, "I6", "I6", "I6"},
                    Fault{Plant::kDamagesOneReplica, "I7", "I7", "I7"},
                    Fault{Plant::kReadsWithoutTheShard, "Reading", "reading", "reading"},
                    Fault{Plant::kForgetsSessions, "Sessions", "I4", "I4"}),
    [](const auto& one) { return std::string(one.param.breaks); });

}  // namespace
}  // namespace stoa::whole
