// What a run has counted so far. Plain numbers: the engine writes them, progress, summary and verdict read them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "scenarios/histogram.hpp"

namespace stoa::scenarios {

struct FlowResult {
  uint64_t finished = 0;
  uint64_t errors = 0;  // finished iterations that failed an expect, raised an error, or had a request without answer
                        // or with a 5xx
  Histogram latency;    // from the intended start to the end, without think()
};

struct RequestResult {
  uint64_t failed = 0;               // without answer, or 5xx
  std::map<int, uint64_t> statuses;  // 0 is "no answer"
  Histogram latency;  // from the intended start: for the first of an iteration the iteration's, else when it was asked
};

struct CheckResult {
  uint64_t passed = 0;
  uint64_t failed = 0;
};

// A name that a script or a target chose, counted. Past kNames further names share the last entry, so that a name with
// an id in it cannot eat the memory.
template <class Count>
class Named {
 public:
  static constexpr size_t kNames = 200;
  Count& operator[](std::string_view name) {
    key_.assign(name);
    const auto found = counts_.find(key_);
    if (found != counts_.end()) return found->second;
    return counts_[counts_.size() < kNames ? key_ : "(others)"];
  }
  std::map<std::string, Count> sorted() const { return {counts_.begin(), counts_.end()}; }
  bool empty() const { return counts_.empty(); }

 private:
  std::unordered_map<std::string, Count> counts_;
  std::string key_;
};

struct Results {
  std::map<std::string, FlowResult, std::less<>> flows;
  Named<RequestResult> requests;  // "GET /v1/products/{id}"
  Named<CheckResult> checks;
  Named<uint64_t> errors;  // by message
  Histogram start_lag;     // how late iterations started
  uint64_t started = 0;
  uint64_t not_started = 0;  // too many were in flight
  uint64_t in_flight = 0;
  uint64_t most_in_flight = 0;
  int64_t load_ns = 0;  // how long the load took, the last answers included
  int64_t cpu_ns = 0;   // this process, during the load
  bool interrupted = false;

  uint64_t finished() const;
  uint64_t iteration_errors() const;
  uint64_t request_count() const;
  CheckResult all_checks() const;
};

// "GET /v1/products/{id}": the path without its query, ids and numbers in it replaced.
std::string request_name(std::string_view method, std::string_view path);

}  // namespace stoa::scenarios
