#include "bench/checkout/measured.hpp"

#include <algorithm>
#include <ctime>

namespace stoa::bench {
namespace {

double seconds_of(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e9;
}

}  // namespace

void Measured::add(const Measured& other) {
  done += other.done;
  seconds += other.seconds;
  server_cpu_s += other.server_cpu_s;
  client_cpu_s += other.client_cpu_s;
  latencies_us.insert(latencies_us.end(), other.latencies_us.begin(), other.latencies_us.end());
  rates.push_back(other.rate());
  for (const auto& [name, grown] : other.counters) counters[name] += grown;
}

double Measured::latency_us(double share) {
  if (latencies_us.empty()) return 0;
  const auto at = latencies_us.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(latencies_us.size()));
  std::nth_element(latencies_us.begin(), at, latencies_us.end());
  return *at;
}

double Measured::each(const std::string& counter) const {
  const auto found = counters.find(counter);
  return found == counters.end() || done == 0 ? -1 : found->second / static_cast<double>(done);
}

double now_s() { return seconds_of(CLOCK_MONOTONIC); }
double own_cpu_s() { return seconds_of(CLOCK_PROCESS_CPUTIME_ID); }

}  // namespace stoa::bench
