// What Stoa's checkout is measured against: the same effects as one stored function of PostgreSQL 15, synced at every
// commit, called over a Unix socket without HTTP. With standbys a commit is also synced by one of them at least before
// it is answered, which is what a majority of three asks for.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bench/checkout/measured.hpp"
#include "bench/checkout/process.hpp"

namespace stoa::bench {

class Postgres {
 public:
  // Makes a new cluster with the shop in `directory`. As root it runs as the user postgres.
  Postgres(const std::string& directory, int standbys);

  // Each client calls again when it has its answer.
  Measured measure(int clients, double seconds);

  // Throws unless exactly what was acknowledged is gone from the stock.
  void check_stock();

 private:
  void add_standby(int number);
  double cpu_s() const;

  const std::string directory_;
  std::unique_ptr<Process> process_;
  std::vector<std::unique_ptr<Process>> standbys_;
  uint64_t runs_ = 0;   // so that no idempotency key comes twice
  uint64_t units_ = 0;  // acknowledged
};

}  // namespace stoa::bench
