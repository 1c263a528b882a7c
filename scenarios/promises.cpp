#include "scenarios/promises.hpp"

#include <functional>
#include <nlohmann/json.hpp>

#include "scenarios/json_field.hpp"

namespace stoa::scenarios {
namespace {

using nlohmann::json;

void drop_nulls(json& value) {
  if (value.is_object()) {
    for (auto at = value.begin(); at != value.end();) {
      if (at->is_null()) {
        at = value.erase(at);
      } else {
        drop_nulls(*at++);
      }
    }
  } else if (value.is_array()) {
    for (json& item : value) drop_nulls(item);
  }
}

// The {id} in "PREFIX{id}SUFFIX"; "" when the path is another.
std::string_view between(std::string_view path, std::string_view prefix, std::string_view suffix) {
  if (path.size() <= prefix.size() + suffix.size() || path.substr(0, prefix.size()) != prefix) return {};
  path.remove_prefix(prefix.size());
  if (path.substr(path.size() - suffix.size()) != suffix) return {};
  return path.substr(0, path.size() - suffix.size());
}

std::vector<std::pair<std::string, int64_t>> lines_of(const json& order) {
  std::vector<std::pair<std::string, int64_t>> lines;
  const json listed = order.is_object() ? order.value("lines", json()) : json();
  for (const json& line : listed.is_array() ? listed : json::array()) {
    const json quantity = line.is_object() ? line.value("quantity", json()) : json();
    if (quantity.is_number_integer()) lines.emplace_back(text_of(line, "product_id"), quantity.get<int64_t>());
  }
  return lines;
}

bool outcome_unknown(const HttpResponse& response) {
  return response.status == 0 || response.status >= 500 ||
         (response.status == 409 && response.body.find("idempotency_in_flight") != std::string::npos);
}

}  // namespace

uint64_t order_content(std::string_view order_json) {
  json order = json::parse(order_json, nullptr, false);
  if (!order.is_object()) return 0;
  json content{{"lines", order.value("lines", json())}, {"total", order.value("total", json())}};
  drop_nulls(content);
  return std::hash<std::string>()(content.dump(-1, ' ', false, json::error_handler_t::replace));
}

void Promises::answered(Account* account, const HttpRequest& request, const HttpResponse& response, bool in_setup) {
  if (account == nullptr) return;
  if (in_setup && request.method == "GET") return stock_answered(*account, request, response);
  if (request.method != "POST") return;
  if (request.path == "/v1/orders") return order_answered(*account, request, response);
  if (request.path == "/v1/products") return product_answered(*account, request, response);
  if (request.path.find("/stock/adjustments") != std::string::npos) adjustment_answered(request, response);
}

void Promises::order_answered(Account& account, const HttpRequest& request, const HttpResponse& response) {
  account.placed_orders = true;
  if (outcome_unknown(response)) ++account.orders_unanswered;
  if (response.status == 202) {
    const std::string_view location = header_of(response, "Location");
    const size_t id = location.find("ord_");
    if (id == std::string_view::npos) {
      ++account.orders_unanswered;
    } else {
      heard_of_.emplace(location.substr(id));
    }
  }
  if (response.status != 201) return;
  heard_of_.insert(text_of(json::parse(response.body, nullptr, false), "id"));
  ++placed_;
  if (sample_.size() < kSample) {
    sample_.push_back({&account, request, response});
  } else if (const uint64_t at = random_.below(placed_); at < kSample) {
    sample_[at] = {&account, request, response};
  }
}

void Promises::product_answered(Account& account, const HttpRequest& request, const HttpResponse& response) {
  if (response.status != 201) return;
  const json asked = json::parse(request.body, nullptr, false);
  const std::string id = text_of(json::parse(response.body, nullptr, false), "id");
  const bool stocked = asked.is_object() && asked.contains("stock") && asked["stock"].is_number_integer();
  stock_[id] = {id, &account, stocked ? asked["stock"].get<int64_t>() : 0, true, false};
}

void Promises::stock_answered(Account& account, const HttpRequest& request, const HttpResponse& response) {
  const std::string product(between(request.path, "/v1/products/", "/stock"));
  const json stock = json::parse(response.body, nullptr, false);
  const bool told = stock.is_object() && stock.contains("on_hand") && stock["on_hand"].is_number_integer();
  if (product.empty() || response.status != 200 || !told) return;
  // What is reserved by now may still be sold to somebody else's order: then the number is not to be relied on.
  const bool at_rest = stock.value("reserved", json()) == 0;
  stock_.emplace(product, PromisedStock{product, &account, stock["on_hand"].get<int64_t>(), false, !at_rest});
}

void Promises::adjustment_answered(const HttpRequest& request, const HttpResponse& response) {
  const auto found = stock_.find(std::string(between(request.path, "/v1/products/", "/stock/adjustments")));
  if (found == stock_.end()) return;
  const json asked = json::parse(request.body, nullptr, false);
  const bool whole = asked.is_object() && asked.contains("delta") && asked["delta"].is_number_integer();
  if (response.status == 201 && whole) found->second.units += asked["delta"].get<int64_t>();
  if (outcome_unknown(response)) found->second.uncertain = true;
}

Result<void> Promises::acknowledge(Account* account, std::string_view kind, const std::string& object) {
  if (kind != "order")
    return Error{"ack: nothing verifies a \"" + std::string(kind) + "\"; the kind must be \"order\""};
  const json order = json::parse(object, nullptr, false);
  PromisedOrder promised{text_of(order, "id"), account, text_of(order, "status"), order_content(object),
                         lines_of(order)};
  if (promised.id.empty()) return Error{"ack: an order has an id; pass the body of the answer"};
  if (account == nullptr) return Error{"ack: an order has an owner, and nobody is logged in here"};
  account->placed_orders = true;
  heard_of_.insert(promised.id);
  if (acknowledged_.insert(promised.id).second) orders_.push_back(std::move(promised));
  return {};
}

}  // namespace stoa::scenarios
