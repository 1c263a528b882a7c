#include "tests/simulation/shop.hpp"

#include <charconv>

namespace stoa::whole {

using nlohmann::json;

std::string code_of(const Response& response) {
  const json doc = json::parse(response.body, nullptr, false);
  if (!doc.is_object() || !doc.contains("code")) return {};
  return doc["code"];
}

bool is_transient(const Response* response) {
  if (response == nullptr || response->status == 503 || response->status == 507) return true;
  return response->status == 409 && code_of(*response) == "idempotency_in_flight";
}

bool Shop::answered(Keyed& keyed, const Response& response) {
  if (!keyed.answer) {
    keyed.answer = response;
    return true;
  }
  const Response& first = *keyed.answer;
  const bool same = first.status == response.status && first.body == response.body &&
                    first.location == response.location && first.etag == response.etag;
  if (!same) {
    findings_.add("I5: two answers under one key: " + std::to_string(first.status) + " " + first.body + " and " +
                  std::to_string(response.status) + " " + response.body);
  }
  return false;
}

int64_t Shop::order_floor(const std::string& id) const {
  const auto found = orders.find(id);
  return found == orders.end() ? 0 : found->second.floor;
}

void Shop::saw_order(const std::string& body, const std::string& customer, int64_t floor, bool anew) {
  const json doc = json::parse(body, nullptr, false);
  if (!doc.is_object() || !doc.contains("version")) return findings_.add("an order that is none: " + body);
  Order& order = orders[doc["id"]];
  order.id = doc["id"];
  order.customer = customer;
  const int64_t version = doc["version"];
  if (anew && version < floor) {
    findings_.add("reading: version " + std::to_string(version) + " of " + order.id + " where " +
                  std::to_string(floor) + " had been seen: " + body);
  }
  const auto [known, first] = order.bodies.try_emplace(version, simulation::hash_of(body));
  if (!first && known->second != simulation::hash_of(body)) {
    findings_.add("I4: a version of an order has two bodies: " + body);
  }
  if (version < order.floor) return;
  order.floor = version;
  order.status = doc["status"];
  order.wants_confirmation = order.status == "pending" && doc["payment_id"].is_string();
}

void Shop::missed_order(const std::string& id, int64_t floor) {
  if (floor > 0) findings_.add("I4: an order that was shown is not found: " + id);
}

void Shop::raise(Product& product, int64_t version) {
  if (version <= product.floor) return;
  product.floor = version;
  product.floors.emplace_back(schedule_.now_ms(), version);
  if (product.floors.size() > 100) product.floors.pop_front();
}

int64_t Shop::floor_before(const Product& product, int64_t ms) {
  int64_t floor = 0;
  for (const auto& [at, version] : product.floors) {
    if (at <= ms) floor = version;
  }
  return floor;
}

void Shop::saw_stock(Product& product, const std::string& body, int64_t floor) {
  const json doc = json::parse(body, nullptr, false);
  if (!doc.is_object() || !doc.contains("on_hand")) return findings_.add("a stock that is none: " + body);
  const int64_t on_hand = doc["on_hand"], reserved = doc["reserved"], available = doc["available"];
  if (on_hand != available + reserved || on_hand < 0 || available < 0 || reserved < 0) {
    findings_.add("I1: " + product.id + ": " + body);
  }
  const int64_t version = doc["version"];
  if (version < floor) findings_.add("reading: an old stock of " + product.id + ": " + body);
  raise(product, version);
}

void Shop::saw_product(Product& product, const std::string& etag, int64_t floor) {
  const size_t dash = etag.find('-');
  int64_t version = 0;
  if (dash != etag.npos) std::from_chars(etag.data() + dash + 1, etag.data() + etag.size(), version);
  if (version < floor) {
    findings_.add("reading: " + product.id + " with the tag " + etag + " where the stock's version " +
                  std::to_string(floor) + " had been seen");
  }
  raise(product, version);
}

namespace {

std::string told(const Question& question, const Response& response) {
  return question.method + " " + question.target + " as " + question.bearer + " " + question.body + " was answered " +
         std::to_string(response.status) + " " + response.body;
}

}  // namespace

void Shop::broken_key(const Question& question, const Response& response) {
  findings_.add("I5: a key that was used: " + told(question, response));
}

void Shop::broken(const std::string& what, const Question& question, const Response& response) {
  findings_.add(what + ": " + told(question, response));
}

void Shop::unexpected(const Question& question, const Response& response) {
  findings_.add("unexpected: " + told(question, response));
}

}  // namespace stoa::whole
