#include "tests/simulation/simulation.hpp"

#include <cstdlib>
#include <memory>
#include <sodium.h>
#include <vector>

#include "base/log.hpp"
#include "tests/simulation/chaos.hpp"
#include "tests/simulation/closing.hpp"

namespace stoa::whole {
namespace {

constexpr int64_t kTroubleMs = 25'000;
constexpr int kCustomers = 4;
constexpr int kVisitors = 2;

// Keys and nonces too come from the seed.
SeededRandom& sodium_random() {
  static SeededRandom random(0);
  return random;
}
void fill(void* bytes, size_t count) {
  for (size_t i = 0; i < count; ++i)
    static_cast<unsigned char*>(bytes)[i] = static_cast<unsigned char>(sodium_random().u64());
}
void seed_sodium(uint64_t seed) {
  static randombytes_implementation implementation = {[] { return "seeded"; },
                                                      [] { return static_cast<uint32_t>(sodium_random().u64()); },
                                                      nullptr,
                                                      nullptr,
                                                      fill,
                                                      nullptr};
  static const bool set = randombytes_set_implementation(&implementation) == 0 && sodium_init() >= 0;
  STOA_CHECK(set, "libsodium takes another source");
  sodium_random() = SeededRandom(seed);
}

}  // namespace

Outcome simulate(const Options& options) {
  seed_sodium(options.seed);
  set_log_level(std::getenv("STOA_SIMULATION_LOG") ? LogLevel::kInfo : LogLevel::kError);
  const Shape shape = shape_of(options.seed);
  Cluster cluster(options.seed, shape, options.plant);
  Shop shop(cluster.schedule(), cluster.findings());
  std::vector<std::unique_ptr<Client>> clients;
  const auto add = [&](Client::Kind kind, int number) {
    clients.push_back(std::make_unique<Client>(cluster, shop, kind, number));
    clients.back()->start();
  };
  for (int i = 1; i <= kCustomers; ++i) add(Client::Kind::kCustomer, i);
  add(Client::Kind::kMerchant, 1);
  add(Client::Kind::kCarrier, 1);
  add(Client::Kind::kAdmin, 1);
  for (int i = 1; i <= kVisitors; ++i) add(Client::Kind::kVisitor, i);
  Operator op(cluster);
  Chaos chaos(cluster, shape, op);
  chaos.start();
  cluster.run_until(kTroubleMs, [] { return false; });
  chaos.heal();
  Closing(cluster, shop, op).run(clients);

  Outcome outcome;
  outcome.finding = cluster.findings().first();
  outcome.trace = cluster.schedule().trace();
  for (const auto& client : clients) outcome.settled += client->settled();
  outcome.orders = shop.orders.size();
  for (const auto& [id, order] : shop.orders) {
    outcome.confirmed += order.status != "rejected" && order.status != "cancelled" ? 1 : 0;
  }
  outcome.starts = cluster.starts();
  outcome.partitions = chaos.partitions();
  outcome.moves = op.moves();
  outcome.split = shape.split ? 1 : 0;
  outcome.copies = cluster.caught_up_by_copy();
  outcome.joins = op.joins();
  outcome.removals = op.removals();
  outcome.lost_disks = chaos.lost_disks();
  outcome.found_disks = chaos.found_disks();
  outcome.simulated_ms = cluster.schedule().now_ms();
  return outcome;
}

}  // namespace stoa::whole
