// What a run found: the table, the ratios, and what is asked of them.
#pragma once

#include <cstdio>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bench/checkout/measured.hpp"

namespace stoa::bench {

struct Row {
  std::string system;  // such as "postgres" or "stoa checkout"
  int clients = 1;
  Measured measured;
};

// A number of the run, and what is asked of it; `reached` is negative where it could not be measured. Without a floor
// it is only told.
struct Verdict {
  std::string what;
  double reached = -1;
  double floor = 0;
  double goal = 0;       // 0: none
  bool at_most = false;  // a budget: less is better, and there is no goal beyond
  bool required = true;  // a budget informs, a floor decides

  bool measured() const { return reached >= 0; }
  bool asked_for() const { return floor > 0; }
  bool passed() const { return !asked_for() || (measured() && (at_most ? reached <= floor : reached >= floor)); }
};

double ratio(double over, double under);  // negative where there is nothing to divide by

class Report {
 public:
  using Asked = std::function<std::vector<Verdict>(Report&)>;
  // `asked` is what the run is for. Counters are printed of the systems in `detailed`, where they did best.
  Report(Asked asked, std::vector<std::string> detailed) : asked_(std::move(asked)), detailed_(std::move(detailed)) {}

  Row& row(const std::string& system, int clients);
  // What was measured; nothing where it was not.
  Measured measured(const std::string& system, int clients);
  // Likewise, of the row with the highest rate.
  Measured best_measured(const std::string& system);
  void forget_rows() { rows_.clear(); }

  std::vector<Verdict> verdicts() { return asked_(*this); }
  void print(std::FILE* out);
  nlohmann::json json();
  // No required floor was missed.
  bool passed();

 private:
  // The row of that system with the highest rate; nullptr without one.
  Row* best(const std::string& system);
  Row* find(const std::string& system, int clients);

  Asked asked_;
  std::vector<std::string> detailed_;
  std::vector<Row> rows_;
};

}  // namespace stoa::bench
