// "stock": of each product that the run made, what was sold and what is left is what there was; nothing is sold twice.
#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "scenarios/json_field.hpp"
#include "scenarios/verifier.hpp"

namespace stoa::scenarios {
namespace {

using Json = nlohmann::json;

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

struct Demand {
  int64_t sold = 0;    // in orders that hold
  int64_t held = 0;    // in orders that are not decided yet
  bool older = false;  // some of it may be of orders from before the run
};

void add(Demand& demand, const std::string& status, int64_t quantity) {
  if (status == "confirmed" || status == "shipped" || status == "delivered") demand.sold += quantity;
  if (status == "pending") demand.held += quantity;
}

void add_order(const Json& order, bool older, std::map<std::string, Demand>& demand) {
  for (const Json& line : order.value("lines", Json::array())) {
    const Json quantity = line.is_object() ? line.value("quantity", Json()) : Json();
    if (!quantity.is_number_integer()) continue;
    Demand& of_product = demand[text_of(line, "product_id")];
    of_product.older = of_product.older || older;
    add(of_product, text_of(order, "status"), quantity.get<int64_t>());
  }
}

std::string numbers_of(const Stock& stock) {
  return "on_hand " + std::to_string(stock.on_hand) + ", reserved " + std::to_string(stock.reserved) + ", available " +
         std::to_string(stock.available);
}

// "" or what does not add up in itself.
std::string sum_fault(const Stock& stock) {
  if (stock.on_hand < 0 || stock.reserved < 0 || stock.available < 0) return "below nothing: " + numbers_of(stock);
  if (stock.on_hand != stock.reserved + stock.available) return "does not add up: " + numbers_of(stock);
  return "";
}

// "" or what contradicts the orders.
std::string stock_fault(const PromisedStock& promised, const Demand& demand, const HttpResponse& answer) {
  const auto stock = read_stock(answer);
  if (!stock) return "its stock cannot be read (" + std::to_string(answer.status) + ")";
  if (promised.uncertain || (demand.older && !promised.made)) return sum_fault(*stock);
  const std::string sold = std::to_string(demand.sold) + " sold of " + std::to_string(promised.units);
  if (demand.sold > promised.units) return "oversold: " + sold + "; " + numbers_of(*stock);
  if (const std::string fault = sum_fault(*stock); !fault.empty()) return fault;
  if (stock->on_hand != promised.units - demand.sold) {
    return "on_hand is not what the orders leave: " + sold + "; " + numbers_of(*stock);
  }
  if (stock->reserved > demand.held) return "units are reserved that no open order holds: " + numbers_of(*stock);
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
  std::set<std::string> seen;
  for (const Listed& entry : listed) {
    if (seen.insert(text_of(entry.order, "id")).second) add_order(entry.order, !entry.owner->looked_before, demand);
  }
  // An acknowledged order was sold, whatever the lists say by now.
  for (const PromisedOrder& order : promises_.orders()) {
    if (seen.count(order.id) > 0) continue;
    for (const auto& [product, quantity] : order.lines) add(demand[product], order.status, quantity);
  }

  std::map<std::string, const PromisedStock*> products;
  std::vector<std::pair<Account*, std::string>> asks;
  for (const auto& [id, promised] : promises_.stock()) products[id] = &promised;
  for (const auto& [id, promised] : products) asks.emplace_back(promised->owner, "/v1/products/" + id + "/stock");
  const auto answers = get_all(asks);
  size_t at = 0;
  for (const auto& [id, promised] : products) {
    const std::string fault = stock_fault(*promised, demand[id], answers[at++]);
    if (!fault.empty()) findings.violated("product " + id + ": " + fault);
  }
  findings.examined = products.size();
  std::vector<std::string> strangers;
  for (const auto& [id, of_product] : demand) {
    if (products.count(id) == 0) strangers.push_back(id);
  }
  if (!strangers.empty()) look_at_strangers(strangers, findings);
  if (products.empty() && strangers.empty()) findings.remark = "the run made and bought no product";
  return findings;
}

void Verifier::look_at_strangers(const std::vector<std::string>& products, Findings& findings) {
  std::set<std::string> open(products.begin(), products.end());
  for (Account& account : accounts_.all()) {
    if (account.kept_fresh || open.empty()) continue;
    std::vector<std::pair<Account*, std::string>> asks;
    const std::vector<std::string> asked(open.begin(), open.end());
    for (const std::string& id : asked) asks.emplace_back(&account, "/v1/products/" + id + "/stock");
    const auto answers = get_all(asks);
    for (size_t at = 0; at < asked.size(); ++at) {
      const auto stock = read_stock(answers[at]);
      if (!stock) continue;
      open.erase(asked[at]);
      ++findings.examined;
      if (const std::string fault = sum_fault(*stock); !fault.empty())
        findings.violated("product " + asked[at] + ": " + fault);
    }
  }
  findings.remark = std::to_string(products.size()) + " products are not of this run: only their sums are examined";
  if (!open.empty()) findings.remark += ", and of " + std::to_string(open.size()) + " nobody here may read the stock";
}

}  // namespace stoa::scenarios
