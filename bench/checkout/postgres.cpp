#include "bench/checkout/postgres.hpp"

#include <filesystem>
#include <pwd.h>
#include <stdexcept>
#include <unistd.h>

#include "bench/checkout/postgres_client.hpp"
#include "bench/checkout/postgres_shop.hpp"
#include "bench/checkout/workplace.hpp"

namespace stoa::bench {
namespace {

const std::string kPrograms = "/usr/lib/postgresql/15/bin/";
constexpr const char* kUser = "postgres";

// Synced as it ships; larger caches and no checkpoint within the run, both in its favour.
std::vector<std::string> server_command(const std::string& directory) {
  std::vector<std::string> command{kPrograms + "postgres", "-D", directory + "/data"};
  for (const std::string& setting :
       {std::string("listen_addresses="), "unix_socket_directories=" + directory, std::string("synchronous_commit=on"),
        std::string("fsync=on"), std::string("wal_sync_method=fdatasync"), std::string("shared_buffers=256MB"),
        std::string("wal_buffers=16MB"), std::string("max_wal_size=8GB"), std::string("checkpoint_timeout=1h"),
        std::string("max_connections=100"), std::string("jit=off")}) {
    command.push_back("-c");
    command.push_back(setting);
  }
  return command;
}

void make_directory(const std::string& directory) {
  std::filesystem::create_directories(directory);
  if (::getuid() != 0) return;
  const passwd* user = ::getpwnam(kUser);
  if (user == nullptr || ::chown(directory.c_str(), user->pw_uid, user->pw_gid) != 0) {
    throw std::runtime_error("cannot give " + directory + " to the user postgres");
  }
}

}  // namespace

Postgres::Postgres(const std::string& directory, int standbys) : directory_(directory) {
  make_directory(directory);
  const std::string log = directory + "/log";
  Process({{kPrograms + "initdb", "-D", directory + "/data", "-A", "trust", "-U", kUser, "-E", "UTF8", "--locale=C"},
           log,
           kUser,
           SIGTERM})
      .wait_for_success(60);
  process_ = std::make_unique<Process>(ProcessOptions{server_command(directory), log, kUser, SIGINT});
  wait_until([&] { return process_->check_running(), postgres_answers(directory_); }, 20, "an answer of PostgreSQL");
  postgres_value(directory_, kPostgresShop);
  postgres_value(directory_, "vacuum analyze");
  if (standbys == 0) return;
  for (int i = 1; i <= standbys; ++i) add_standby(i);
  postgres_value(directory_, "alter system set synchronous_standby_names = 'ANY 1 (*)'");
  postgres_value(directory_, "select pg_reload_conf()");
  const std::string in_step = "select count(*) from pg_stat_replication where sync_state = 'quorum'";
  wait_until([&] { return postgres_value(directory_, in_step) == std::to_string(standbys); }, 20,
             "PostgreSQL's standbys");
}

void Postgres::add_standby(int number) {
  const std::string directory = directory_ + "/standby" + std::to_string(number);
  make_directory(directory);
  const std::string log = directory + "/log";
  Process({{kPrograms + "pg_basebackup", "-h", directory_, "-U", kUser, "-D", directory + "/data", "-R", "-X", "stream",
            "-c", "fast"},
           log,
           kUser,
           SIGTERM})
      .wait_for_success(60);
  standbys_.push_back(std::make_unique<Process>(ProcessOptions{server_command(directory), log, kUser, SIGINT}));
  wait_until([&] { return standbys_.back()->check_running(), postgres_answers(directory); }, 20,
             "an answer of PostgreSQL's standby");
}

double Postgres::cpu_s() const {
  double sum = cpu_seconds(process_->pid());
  for (const auto& standby : standbys_) sum += cpu_seconds(standby->pid());
  return sum;
}

Measured Postgres::measure(int clients, double seconds) {
  const double cpu = cpu_s();
  const double own_cpu = own_cpu_s();
  PostgresLoad load{directory_, clients, seconds, ++runs_, {}};
  // The servers of the clients are counted while they still run: what a process used is lost with it.
  load.before_closing = [&](PostgresRun& run) { run.measured.server_cpu_s = cpu_s() - cpu; };
  PostgresRun run = run_postgres(load);
  units_ += run.units;
  run.measured.client_cpu_s = own_cpu_s() - own_cpu;
  return run.measured;
}

void Postgres::check_stock() {
  const std::string gone = postgres_value(directory_, "select sum(1000000 - available) from products");
  if (gone != std::to_string(units_)) {
    throw std::runtime_error("PostgreSQL sold " + gone + " and acknowledged " + std::to_string(units_));
  }
}

}  // namespace stoa::bench
