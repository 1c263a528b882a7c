// "orders": each acknowledged order is there as it was promised, paid for and shipped once, and listed exactly once;
// and there is no order that nobody placed.
#include <algorithm>
#include <unordered_map>

#include "scenarios/json_field.hpp"
#include "scenarios/verifier.hpp"

namespace stoa::scenarios {
namespace {

using Json = nlohmann::json;

struct Step {
  std::string_view from;
  std::string_view to;
};
constexpr Step kOrderSteps[] = {{"pending", "confirmed"}, {"pending", "rejected"},    {"pending", "cancelled"},
                                {"confirmed", "shipped"}, {"confirmed", "cancelled"}, {"shipped", "delivered"},
                                {"delivered", "returned"}};

bool reachable(const std::string& from, const std::string& to) {
  if (from == to) return true;
  return std::any_of(std::begin(kOrderSteps), std::end(kOrderSteps),
                     [&](const Step& step) { return step.from == from && reachable(std::string(step.to), to); });
}

bool one_of(const std::string& text, std::initializer_list<std::string_view> these) {
  return std::find(these.begin(), these.end(), text) != these.end();
}

bool was_sold(const std::string& status) { return one_of(status, {"confirmed", "shipped", "delivered", "returned"}); }

// Amounts are {amount, currency}, or a bare amount in the payment's own currency.
Json bare(const Json& amount) { return amount.is_object() ? amount.value("amount", Json()) : amount; }

// "" or what contradicts the order in its payment.
std::string payment_fault(const Json& order, const std::string& id, const HttpResponse& answer) {
  const Json payment = Json::parse(answer.body, nullptr, false);
  if (answer.status != 200 || !payment.is_object()) {
    return "its payment cannot be read (" + std::to_string(answer.status) + ")";
  }
  const std::string status = text_of(payment, "status");
  const std::string order_status = text_of(order, "status");
  if (text_of(payment, "order_id") != id) return "its payment belongs to order " + text_of(payment, "order_id");
  if (bare(payment.value("amount", Json())) != bare(order.value("total", Json()))) {
    return "its payment is of " + payment.value("amount", Json()).dump() + ", the order of " +
           order.value("total", Json()).dump();
  }
  const bool held = one_of(status, {"authorized", "captured", "partially_refunded"});
  if (one_of(order_status, {"confirmed", "shipped", "delivered"}) && !held) {
    return "it is " + order_status + " and its payment " + status;
  }
  if (one_of(order_status, {"rejected", "cancelled"}) && held)
    return "it is " + order_status + " and its payment " + status;
  int64_t sum = 0;
  for (const Json& entry : payment.value("ledger", Json::array())) {
    const Json amount = bare(entry.is_object() ? entry.value("amount", Json()) : Json());
    if (amount.is_number_integer()) sum += amount.get<int64_t>();
  }
  return sum == 0 ? "" : "the ledger of its payment sums to " + std::to_string(sum) + ", not to 0";
}

std::string shipment_fault(const Json& order, const std::string& id, const HttpResponse& answer) {
  const Json shipment = Json::parse(answer.body, nullptr, false);
  if (answer.status != 200 || !shipment.is_object()) {
    return "its shipment cannot be read (" + std::to_string(answer.status) + ")";
  }
  const bool cancelled = text_of(shipment, "status") == "cancelled";
  if (text_of(shipment, "order_id") != id) return "its shipment belongs to order " + text_of(shipment, "order_id");
  if (was_sold(text_of(order, "status")) && cancelled) return "it is sold and its shipment cancelled";
  if (text_of(order, "status") == "cancelled" && !cancelled) return "it is cancelled and its shipment is not";
  return "";
}

// "" or how an order differs from what was promised.
std::string promise_fault(const PromisedOrder& promised, const HttpResponse& answer, const Json& order) {
  if (answer.status == 404) return "it was acknowledged and is not there (404)";
  if (answer.status != 200 || !order.is_object()) return "it cannot be read (" + std::to_string(answer.status) + ")";
  if (text_of(order, "id") != promised.id) return "it is answered as " + text_of(order, "id");
  const std::string status = text_of(order, "status");
  if (!reachable(promised.status, status)) return "it was acknowledged " + promised.status + " and is now " + status;
  if (order_content(answer.body) != promised.content) return "its lines or its total are not what was acknowledged";
  if (!was_sold(status)) return "";
  if (text_of(order, "payment_id").empty()) return "it is " + status + " and names no payment";
  const Json shipments = order.value("shipment_ids", Json());
  if (!shipments.is_array() || shipments.empty()) return "it is " + status + " and names no shipment";
  return "";
}

}  // namespace

Findings Verifier::orders() {
  std::vector<const PromisedOrder*> suspects;
  for (const PromisedOrder& order : promises_.orders()) suspects.push_back(&order);
  const uint64_t examined = suspects.size();
  Findings findings = look_at_orders(suspects);
  while (findings.violations > 0 && may_settle()) findings = look_at_orders(suspects);
  findings.examined = examined;
  if (examined == 0) findings.remark = "no order was acknowledged with s:ack";
  return findings;
}

// Leaves in `suspects` those that are not as promised.
Findings Verifier::look_at_orders(std::vector<const PromisedOrder*>& suspects) {
  Findings findings;
  findings.what = "orders";
  std::vector<const PromisedOrder*> bad;
  for (size_t first = 0; first < suspects.size(); first += kChunk) {
    const auto begin = suspects.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end = suspects.begin() + static_cast<std::ptrdiff_t>(std::min(first + kChunk, suspects.size()));
    look_at_chunk({begin, end}, bad, findings);
  }
  suspects = std::move(bad);
  std::vector<const PromisedOrder*> promised;
  for (const PromisedOrder& order : promises_.orders()) promised.push_back(&order);
  look_at_lists(findings, promised);
  return findings;
}

void Verifier::look_at_chunk(const std::vector<const PromisedOrder*>& chunk, std::vector<const PromisedOrder*>& bad,
                             Findings& findings) {
  std::vector<std::pair<Account*, std::string>> asks;
  for (const PromisedOrder* promised : chunk) asks.emplace_back(promised->owner, "/v1/orders/" + promised->id);
  const auto answers = get_all(asks);
  // What belongs to the orders, asked together: place in the chunk, and whether it is a payment.
  std::vector<std::string> faults(chunk.size());
  std::vector<Json> orders(chunk.size());
  std::vector<std::pair<size_t, bool>> parts;
  asks.clear();
  for (size_t at = 0; at < chunk.size(); ++at) {
    orders[at] = Json::parse(answers[at].body, nullptr, false);
    faults[at] = promise_fault(*chunk[at], answers[at], orders[at]);
    if (!faults[at].empty()) continue;
    if (const std::string payment = text_of(orders[at], "payment_id"); !payment.empty()) {
      parts.emplace_back(at, true);
      asks.emplace_back(chunk[at]->owner, "/v1/payments/" + payment);
    }
    for (const Json& shipment : orders[at].value("shipment_ids", Json::array())) {
      if (!shipment.is_string()) continue;
      parts.emplace_back(at, false);
      asks.emplace_back(chunk[at]->owner, "/v1/shipments/" + shipment.get<std::string>());
    }
  }
  const auto details = get_all(asks);
  for (size_t part = 0; part < parts.size(); ++part) {
    const auto [at, is_payment] = parts[part];
    if (!faults[at].empty()) continue;
    faults[at] = is_payment ? payment_fault(orders[at], chunk[at]->id, details[part])
                            : shipment_fault(orders[at], chunk[at]->id, details[part]);
  }
  for (size_t at = 0; at < chunk.size(); ++at) {
    if (faults[at].empty()) continue;
    bad.push_back(chunk[at]);
    findings.violated("order " + chunk[at]->id + " of " + chunk[at]->owner->email + ": " + faults[at]);
  }
}

void Verifier::look_at_lists(Findings& findings, const std::vector<const PromisedOrder*>& promised) {
  std::vector<Listed> listed;
  if (!list_orders(listed, findings)) return;
  std::unordered_map<std::string, int> times;
  std::unordered_map<Account*, std::vector<std::string>> unexplained;
  for (const Listed& entry : listed) {
    const std::string id = text_of(entry.order, "id");
    if (times[id]++ > 0) continue;
    const std::string status = text_of(entry.order, "status");
    const bool counts = was_sold(status) || status == "pending";
    if (counts && entry.owner->looked_before && !promises_.heard_of(id)) unexplained[entry.owner].push_back(id);
  }
  for (const PromisedOrder* order : promised) {
    const auto found = times.find(order->id);
    if (found != times.end() && found->second == 1) continue;
    findings.violated("order " + order->id + " of " + order->owner->email + ": it is listed " +
                      std::to_string(found == times.end() ? 0 : found->second) + " times in GET /v1/orders");
  }
  for (const auto& [owner, ids] : unexplained) {
    if (ids.size() <= owner->orders_unanswered) continue;
    findings.violated(owner->email + " has " + std::to_string(ids.size()) + " orders that no answer named, and only " +
                      std::to_string(owner->orders_unanswered) + " requests without a known outcome; one is " + ids[0]);
  }
}

}  // namespace stoa::scenarios
