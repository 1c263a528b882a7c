// What one measurement found. Several of one kind, taken at different moments of a run, add up.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace stoa::bench {

struct Measured {
  uint64_t done = 0;
  double seconds = 0;
  double server_cpu_s = 0;
  double client_cpu_s = 0;
  std::vector<float> latencies_us;
  std::vector<double> rates;               // of each measurement that was added
  std::map<std::string, double> counters;  // of the server's own, by how much each one grew

  void done_after(double latency_s) {
    ++done;
    latencies_us.push_back(static_cast<float>(latency_s * 1e6));
  }
  void add(const Measured& other);

  double rate() const { return seconds > 0 ? static_cast<double>(done) / seconds : 0; }
  // REQUIRES 0 <= share < 1. Reorders the latencies.
  double latency_us(double share);
  double server_us() const { return done > 0 ? server_cpu_s * 1e6 / static_cast<double>(done) : 0; }
  double client_us() const { return done > 0 ? client_cpu_s * 1e6 / static_cast<double>(done) : 0; }
  // How much a counter grew for each one done; negative when the server has no such counter.
  double each(const std::string& counter) const;
};

// Monotonic seconds.
double now_s();
// CPU seconds of this program, all its threads.
double own_cpu_s();

}  // namespace stoa::bench
