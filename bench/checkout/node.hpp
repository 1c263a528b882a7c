// The system under test: `stoa dev` on a fresh data directory, of one node or several on this machine, driven through
// its public API alone.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "bench/checkout/measured.hpp"
#include "bench/checkout/process.hpp"

namespace stoa::bench {

class Node {
 public:
  // Starts it and waits until it is ready, then makes the products and the customers of the run.
  Node(const std::string& program, const std::string& directory, int nodes);

  // What a GET of a product answers.
  const std::string& product_body() const { return product_body_; }

  Measured reads(int connections, double seconds);
  // Connections take turns in being each customer, at each node; every checkout has three lines and a key of its own.
  Measured checkouts(int connections, double seconds);

  // Throws unless exactly what was acknowledged is gone from the stock.
  void check_stock();

 private:
  std::string must(int status, const std::string& request);
  std::string log_in(const std::string& email);
  void make_products();
  void make_customers();
  uint16_t http_port(int node) const { return static_cast<uint16_t>(first_port_ + node); }
  uint16_t admin_port(int node) const { return static_cast<uint16_t>(first_port_ + nodes_ + node); }
  // Of all nodes together.
  std::map<std::string, double> counters();

  const int nodes_;
  const uint16_t first_port_;  // the nodes' HTTP ports, then their admin ports, then those of the cluster
  std::unique_ptr<Process> process_;
  std::vector<std::string> products_;  // ids
  std::vector<std::string> tokens_;    // one for each customer
  std::string product_body_;
  uint64_t runs_ = 0;   // so that no idempotency key comes twice
  uint64_t units_ = 0;  // acknowledged
};

}  // namespace stoa::bench
