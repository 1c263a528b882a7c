// What a run found: the table, the ratios, and what is asked of them.
#pragma once

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "bench/checkout/measured.hpp"

namespace stoa::bench {

struct Row {
  std::string system;  // "disk", "nginx", "postgres", "stoa read", "stoa checkout"
  int clients = 1;
  Measured measured;
};

// A number that is asked for. `reached` is negative where it could not be measured.
struct Verdict {
  std::string what;
  double reached = -1;
  double floor = 0;
  double goal = 0;
  bool at_most = false;  // a budget: less is better, and there is no goal beyond
  bool required = true;  // a budget informs, a floor decides

  bool measured() const { return reached >= 0; }
  bool passed() const { return measured() && (at_most ? reached <= floor : reached >= floor); }
};

class Report {
 public:
  Row& row(const std::string& system, int clients);

  std::vector<Verdict> verdicts();
  void print(std::FILE* out);
  nlohmann::json json();
  // No required floor was missed.
  bool passed();

 private:
  // The row of that system with the highest rate; nullptr without one.
  Row* best(const std::string& system);
  Row* find(const std::string& system, int clients);

  std::vector<Row> rows_;
};

}  // namespace stoa::bench
