// What the target has promised during a run, for the verifier to hold it to: orders that were acknowledged, stock that
// was set up, and some requests with their answers, word for word.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "scenarios/accounts.hpp"
#include "scenarios/http_message.hpp"
#include "scenarios/streams.hpp"

namespace stoa::scenarios {

struct PromisedOrder {
  std::string id;
  Account* owner = nullptr;
  std::string status;
  uint64_t content = 0;                                // order_content() of what was promised
  std::vector<std::pair<std::string, int64_t>> lines;  // product and quantity
};

// A product whose stock is known from the first unit on: this run made it, or its setup read its stock.
struct PromisedStock {
  std::string product;
  Account* owner = nullptr;
  int64_t units = 0;       // on hand then, and adjusted by since
  bool made = false;       // by this run, so that no older order holds any of it
  bool uncertain = false;  // an adjustment's outcome was never learnt
};

struct Exchange {
  Account* account = nullptr;
  HttpRequest request;
  HttpResponse response;
};

// A hash of an order's lines and total, absent and null fields being the same. They never change once confirmed.
uint64_t order_content(std::string_view order_json);

class Promises {
 public:
  explicit Promises(uint64_t seed) : random_(stream_of(seed, kSampleStream)) {}

  // Every answer that a script got (status 0 included) passes here.
  void answered(Account* account, const HttpRequest& request, const HttpResponse& response, bool in_setup);

  // s:ack(kind, object): refuses a kind that nothing verifies and an object that is no order.
  Result<void> acknowledge(Account* account, std::string_view kind, const std::string& object);

  const std::vector<PromisedOrder>& orders() const { return orders_; }
  const std::unordered_map<std::string, PromisedStock>& stock() const { return stock_; }
  // Up to kSample of the orders placed, each placed one as likely as any other.
  const std::vector<Exchange>& sample() const { return sample_; }
  // Whether an answer named this order.
  bool heard_of(const std::string& order) const { return heard_of_.count(order) > 0; }

 private:
  static constexpr size_t kSample = 200;

  void order_answered(Account& account, const HttpRequest& request, const HttpResponse& response);
  void product_answered(Account& account, const HttpRequest& request, const HttpResponse& response);
  void stock_answered(Account& account, const HttpRequest& request, const HttpResponse& response);
  void adjustment_answered(const HttpRequest& request, const HttpResponse& response);

  SeededRandom random_;
  std::vector<PromisedOrder> orders_;
  std::unordered_set<std::string> acknowledged_;
  std::unordered_set<std::string> heard_of_;
  std::unordered_map<std::string, PromisedStock> stock_;
  std::vector<Exchange> sample_;
  uint64_t placed_ = 0;
};

}  // namespace stoa::scenarios
