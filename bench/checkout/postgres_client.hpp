// Clients of PostgreSQL in the closed model, all on one thread: libpq's asynchronous calls on an Asio loop.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "bench/checkout/measured.hpp"

namespace stoa::bench {

struct PostgresRun {
  Measured measured;
  uint64_t units = 0;  // of stock that the acknowledged checkouts took
};

struct PostgresLoad {
  std::string socket_directory;
  int clients = 1;
  double seconds = 1;
  uint64_t run = 0;  // its number: idempotency keys are made of it
  std::function<void(PostgresRun&)> before_closing;
};

bool postgres_answers(const std::string& socket_directory);
// Runs the statements and returns the first field of the last one's first row, if any. Throws what PostgreSQL says.
std::string postgres_value(const std::string& socket_directory, const std::string& statements);

// Each checkout buys one to three of three random products. Throws at the first failure.
PostgresRun run_postgres(const PostgresLoad& load);

}  // namespace stoa::bench
