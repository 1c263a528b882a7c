// "stock": of each product that the run made, what was sold and what is left is what there was; nothing is sold twice.
#include <algorithm>
#include <map>
#include <optional>

#include "scenarios/json_field.hpp"
#include "scenarios/verifier.hpp"

namespace stoa::scenarios {
namespace {

using Json = nlohmann::json;

struct Demand {
  int64_t sold = 0;  // in orders that hold
  int64_t held = 0;  // in orders that are not decided yet
};

struct Stock {
  int64_t on_hand = 0;
  int64_t reserved = 0;
  int64_t available = 0;
};

std::optional<Stock> read_stock(const HttpResponse& answer) {
  const Json body = Json::parse(answer.body, nullptr, false);
  if (answer.status != 200 || !body.is_object()) return std::nullopt;
  for (const char* key : {"on_hand", "reserved", "available"}) {
    if (!body.contains(key) || !body[key].is_number_integer()) return std::nullopt;
  }
  return Stock{body["on_hand"].get<int64_t>(), body["reserved"].get<int64_t>(), body["available"].get<int64_t>()};
}

void add_demand(const Json& order, std::map<std::string, Demand>& demand) {
  const std::string status = text_of(order, "status");
  const bool sold = status == "confirmed" || status == "shipped" || status == "delivered";
  if (!sold && status != "pending") return;
  for (const Json& line : order.value("lines", Json::array())) {
    const Json quantity = line.is_object() ? line.value("quantity", Json()) : Json();
    if (!quantity.is_number_integer()) continue;
    Demand& of_product = demand[text_of(line, "product_id")];
    (sold ? of_product.sold : of_product.held) += quantity.get<int64_t>();
  }
}

// "" or what does not add up.
std::string stock_fault(const PromisedStock& promised, const Demand& demand, const HttpResponse& answer) {
  const auto stock = read_stock(answer);
  if (!stock) return "its stock cannot be read (" + std::to_string(answer.status) + ")";
  const std::string numbers = "on_hand " + std::to_string(stock->on_hand) + ", reserved " +
                              std::to_string(stock->reserved) + ", available " + std::to_string(stock->available);
  if (stock->on_hand < 0 || stock->reserved < 0 || stock->available < 0) return "below nothing: " + numbers;
  if (stock->on_hand != stock->reserved + stock->available) return "does not add up: " + numbers;
  if (promised.uncertain) return "";
  const std::string sold = std::to_string(demand.sold) + " sold of " + std::to_string(promised.units);
  if (demand.sold > promised.units) return "oversold: " + sold + "; " + numbers;
  if (stock->on_hand != promised.units - demand.sold)
    return "on_hand is not what the orders leave: " + sold + "; " + numbers;
  if (stock->reserved > demand.held) return "units are reserved that no open order holds: " + numbers;
  return "";
}

}  // namespace

Findings Verifier::stock() {
  Findings findings = look_at_stock();
  while (findings.violations > 0 && may_settle()) findings = look_at_stock();
  return findings;
}

Findings Verifier::look_at_stock() {
  Findings findings;
  findings.what = "stock";
  std::vector<Listed> listed;
  if (!list_orders(listed, findings)) return findings;
  std::map<std::string, Demand> demand;
  for (const Listed& entry : listed) add_demand(entry.order, demand);

  std::vector<const PromisedStock*> products;
  std::vector<std::pair<Account*, std::string>> asks;
  uint64_t uncertain = 0;
  for (const auto& [id, promised] : promises_.stock()) products.push_back(&promised);
  std::sort(products.begin(), products.end(), [](auto* a, auto* b) { return a->product < b->product; });
  for (const PromisedStock* promised : products) {
    if (promised->uncertain) ++uncertain;
    asks.emplace_back(promised->owner, "/v1/products/" + promised->product + "/stock");
  }
  const auto answers = get_all(asks);
  for (size_t at = 0; at < products.size(); ++at) {
    const std::string fault = stock_fault(*products[at], demand[products[at]->product], answers[at]);
    if (!fault.empty()) findings.violated("product " + products[at]->product + ": " + fault);
  }
  findings.examined = products.size();
  if (uncertain > 0) {
    findings.remark =
        std::to_string(uncertain) + " products had an adjustment without a known outcome: only their sums";
  } else if (products.empty()) {
    findings.remark = "the run made no products, so nothing is known of what they began with";
  }
  return findings;
}

}  // namespace stoa::scenarios
