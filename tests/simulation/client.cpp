#include "tests/simulation/client.hpp"

#include <algorithm>

namespace stoa::whole {
namespace {

constexpr int64_t kPatienceMs = 15'000;
constexpr int kProducts = 4;
constexpr int64_t kStaleMs = 500;

const char* const kNames[] = {"customer", "merchant", "carrier", "admin", "visitor"};

std::string address() {
  return R"("shipping_address":{"name":"A B","line1":"Street 1","city":"Town","postal_code":"1000","country":"DE"})";
}

}  // namespace

Client::Client(Cluster& cluster, Shop& shop, Kind kind, int number)
    : cluster_(cluster),
      shop_(shop),
      kind_(kind),
      bearer_(std::string(kNames[static_cast<size_t>(kind)]) + "-" + std::to_string(number)) {}

void Client::start() { done(); }

// ---- asking

std::string Client::new_key() { return bearer_ + "-key-" + std::to_string(++keys_); }

Question Client::post(std::string target, std::string body) {
  return {"POST", std::move(target), bearer_, std::move(body), {{"Idempotency-Key", new_key()}}};
}
Question Client::get(std::string target) const { return {"GET", std::move(target), bearer_, ""}; }

void Client::insist(Question question, Take take) {
  busy_ = true;
  send(question, take, true, 0);
}

void Client::try_once(Question question, Take take) {
  busy_ = true;
  send(question, take, false, 0);
}

void Client::send(const Question& question, const Take& take, bool insists, int tries) {
  const uint64_t attempt = ++attempt_;
  const auto heard = [this, question, take, insists, tries, attempt](const Response* response) {
    if (attempt != attempt_) return;
    ++attempt_;
    if (!is_transient(response)) {
      ++settled_;
      take(*response);
      return done();
    }
    if (!insists) return done();
    cluster_.schedule().after(cluster_.schedule().between(20, 100 + 100 * std::min(tries, 10)),
                              [this, question, take, tries] { send(question, take, true, tries + 1); });
  };
  cluster_.ask(below(cluster_.size()), question, heard);
  cluster_.schedule().after(kPatienceMs, [heard] { heard(nullptr); });
  // Somebody asks twice at once, as a client whose first connection hangs.
  if (insists && chance(5)) cluster_.ask(below(cluster_.size()), question, heard);
}

void Client::done() {
  busy_ = false;
  if (finishing_) return;
  busy_ = true;
  cluster_.schedule().after(cluster_.schedule().between(1, kind_ == Kind::kCustomer ? 400 : 1200), [this] {
    busy_ = false;
    if (!finishing_) next();
  });
}

void Client::next() {
  switch (kind_) {
    case Kind::kCustomer:
      return act_as_customer();
    case Kind::kMerchant:
      return act_as_merchant();
    case Kind::kCarrier:
      return track();
    case Kind::kAdmin:
      return void_payment();
    case Kind::kVisitor:
      return act_as_visitor();
  }
}

Shop::Order* Client::any_order(const std::string& status) {
  std::vector<Shop::Order*> fitting;
  for (auto& [id, order] : shop_.orders) {
    const bool own = kind_ != Kind::kCustomer || order.customer == bearer_;
    if (own && (status.empty() || order.status == status)) fitting.push_back(&order);
  }
  return fitting.empty() ? nullptr : fitting[below(fitting.size())];
}

Shop::Product& Client::any_product() {
  auto at = shop_.products.begin();
  std::advance(at, static_cast<std::ptrdiff_t>(below(shop_.products.size())));
  return *at;
}

// ---- what customers do

void Client::act_as_customer() {
  if (shop_.products.size() < 2) return done();
  const uint64_t what = below(100);
  if (what < 45) return place();
  if (what < 55) return repeat_placing();
  if (what < 60) return use_key_for_another();
  if (what < 80) return read_order();
  if (what < 86) return cancel();
  if (what < 92) return confirm_payment();
  read_product();
}

void Client::place() {
  std::string lines;
  std::vector<const Shop::Product*> chosen;
  for (uint64_t n = 1 + below(3); n > 0; --n) {
    const Shop::Product* product = &any_product();
    if (std::find(chosen.begin(), chosen.end(), product) != chosen.end()) continue;
    chosen.push_back(product);
    lines += std::string(lines.empty() ? "" : ",") + R"({"product_id":")" + product->id + R"(","quantity":)" +
             std::to_string(1 + below(3)) + "}";
  }
  static constexpr const char* kMethods[] = {"tok_visa",  "tok_visa",  "tok_visa",     "tok_visa",    "tok_visa",
                                             "tok_flaky", "tok_flaky", "tok_declined", "tok_timeout", "tok_3ds"};
  Question question = post("/v1/orders", "{\"lines\":[" + lines + "]," + address() + R"(,"payment":{"method":")" +
                                             kMethods[below(std::size(kMethods))] + "\"}}");
  if (chance(10)) question.fields["Prefer"] = "respond-async";
  if (chance(10)) question.fields["Prefer"] = "wait=1";
  Shop::Keyed& keyed = shop_.placings.emplace_back(Shop::Keyed{question, {}});
  insist(question, [this, &keyed](const Response& r) { take_placing(shop_, keyed, r); });
}

void take_placing(Shop& shop, Shop::Keyed& keyed, const Response& r) {
  const std::string code = r.status < 300 ? "" : code_of(r);
  const bool told = r.status == 201 || r.status == 202 || r.status == 402 ||
                    (r.status == 409 && code == "out_of_stock") ||
                    (r.status == 422 && (code == "unknown_product" || code == "currency_mismatch"));
  if (!told) return shop.unexpected(keyed.question, r);
  const bool first = shop.answered(keyed, r);
  if (r.status < 300) shop.saw_order(r.body, keyed.question.bearer, 0, first && !r.replayed);
}

void Client::repeat_placing() {
  std::vector<Shop::Keyed*> own;
  for (Shop::Keyed& keyed : shop_.placings) {
    if (keyed.answer && keyed.question.bearer == bearer_) own.push_back(&keyed);
  }
  if (own.empty()) return done();
  Shop::Keyed& keyed = *own[below(own.size())];
  insist(keyed.question, [this, &keyed](const Response& r) {
    if (!r.replayed) shop_.broken_key(keyed.question, r);
    take_placing(shop_, keyed, r);
  });
}

void Client::use_key_for_another() {
  std::vector<Shop::Keyed*> own;
  for (Shop::Keyed& keyed : shop_.placings) {
    if (keyed.answer && keyed.question.bearer == bearer_) own.push_back(&keyed);
  }
  if (own.empty()) return done();
  Question question = own[below(own.size())]->question;
  question.body = "{\"lines\":[{\"product_id\":\"" + any_product().id + "\",\"quantity\":77}]," + address() +
                  R"(,"payment":{"method":"tok_visa"}})";
  insist(question, [this, question](const Response& r) {
    if (r.status != 422 || code_of(r) != "idempotency_key_reused") shop_.broken_key(question, r);
  });
}

void Client::read_order() {
  const Shop::Order* order = any_order("");
  if (order == nullptr) return done();
  const std::string id = order->id;
  const int64_t floor = order->floor;
  try_once(get("/v1/orders/" + id), [this, id, floor](const Response& r) {
    if (r.status == 200) return shop_.saw_order(r.body, bearer_, floor, true);
    if (r.status == 404) return shop_.missed_order(id, floor);
    shop_.unexpected(get("/v1/orders/" + id), r);
  });
}

void Client::cancel() {
  Shop::Order* order = any_order(chance(70) ? "confirmed" : "pending");
  if (order == nullptr) return done();
  const Question question = post("/v1/orders/" + order->id + "/cancel", "{}");
  const std::string id = order->id;
  const int64_t floor = order->floor;
  insist(question, [this, id, floor, question](const Response& r) {
    if (r.status == 200) return shop_.saw_order(r.body, bearer_, floor, !r.replayed);
    if (r.status == 404) return shop_.missed_order(id, floor);
    if (r.status != 409 || code_of(r) != "illegal_transition") shop_.unexpected(question, r);
  });
}

void Client::confirm_payment() {
  std::vector<const Shop::Order*> waiting;
  for (const auto& [id, order] : shop_.orders) {
    if (order.customer == bearer_ && order.wants_confirmation) waiting.push_back(&order);
  }
  if (waiting.empty()) return done();
  const std::string id = waiting[below(waiting.size())]->id;
  const Question question = post("/v1/payments/pay_" + id.substr(4) + "/confirm", "{}");
  insist(question, [this, question](const Response& r) {
    const bool late = r.status == 409 && code_of(r) == "illegal_transition";
    if (r.status != 200 && !late) shop_.unexpected(question, r);
  });
}

void Client::read_product() {
  Shop::Product& product = any_product();
  Question question = get("/v1/products/" + product.id);
  question.bearer = "";
  const bool fresh = chance(50);
  if (fresh) question.fields["Cache-Control"] = "no-cache";
  const int64_t floor = fresh ? product.floor : Shop::floor_before(product, cluster_.schedule().now_ms() - kStaleMs);
  try_once(question, [this, question, floor, &product](const Response& r) {
    if (r.status != 200) return shop_.unexpected(question, r);
    std::string tag = r.etag;
    tag.erase(std::remove(tag.begin(), tag.end(), '"'), tag.end());
    shop_.saw_product(product, tag, floor);
  });
}

// ---- what others do

void Client::act_as_merchant() {
  if (shop_.products.size() < kProducts) return create_product();
  chance(40) ? adjust() : chance(70) ? read_stock() : read_product();
}

void Client::create_product() {
  const std::string number = std::to_string(shop_.products.size() + 1);
  const auto stock = static_cast<int64_t>(5 + below(60));
  const Question question = post("/v1/products", R"({"sku":"sku-)" + number + R"(","name":"Thing )" + number +
                                                     R"(","price":{"amount":)" + std::to_string(1 + below(5000)) +
                                                     R"(,"currency":"EUR"},"stock":)" + std::to_string(stock) + "}");
  insist(question, [this, question, stock](const Response& r) {
    if (r.status != 201) return shop_.unexpected(question, r);
    Shop::Product product;
    product.id = nlohmann::json::parse(r.body)["id"];
    product.initial = stock;
    shop_.products.push_back(std::move(product));
  });
}

void Client::adjust() {
  Shop::Product& product = any_product();
  const int64_t delta = chance(70) ? static_cast<int64_t>(1 + below(9)) : -static_cast<int64_t>(1 + below(9));
  const Question question = post("/v1/products/" + product.id + "/stock/adjustments",
                                 R"({"delta":)" + std::to_string(delta) + R"(,"reason":"counted"})");
  insist(question, [this, question, delta, &product](const Response& r) {
    const bool too_many = r.status == 409 && code_of(r) == "out_of_stock";
    if (r.status != 201 && !too_many) return shop_.unexpected(question, r);
    if (too_many) return;
    product.adjusted += delta;
    shop_.saw_stock(product, r.body, 0);
  });
}

void Client::read_stock() {
  Shop::Product& product = any_product();
  const Question question = get("/v1/products/" + product.id + "/stock");
  try_once(question, [this, question, floor = product.floor, &product](const Response& r) {
    if (r.status != 200) return shop_.unexpected(question, r);
    shop_.saw_stock(product, r.body, floor);
  });
}

void Client::track() {
  const Shop::Order* order = any_order(chance(60) ? "confirmed" : "shipped");
  if (order == nullptr || !chance(60)) return done();
  const char* status = order->status == "confirmed" ? "in_transit" : "delivered";
  const Question question = post("/v1/shipments/shp_" + order->id.substr(4) + "/tracking",
                                 std::string(R"({"status":")") + status + R"(","location":"Town","occurred_at":")" +
                                     to_rfc3339(Time{kBeginMs + cluster_.schedule().now_ms()}) + "\"}");
  insist(question, [this, question](const Response& r) {
    const bool late = r.status == 409 && code_of(r) == "illegal_transition";
    if (r.status != 201 && !late) shop_.unexpected(question, r);
  });
}

void Client::void_payment() {
  const Shop::Order* order = any_order(chance(60) ? "confirmed" : "shipped");
  if (order == nullptr || !chance(15)) return done();
  const char* what = order->status == "confirmed" ? "/void" : "/refunds";
  const Question question = post("/v1/payments/pay_" + order->id.substr(4) + what, "{}");
  insist(question, [this, question](const Response& r) {
    const bool late = r.status == 409 && code_of(r) == "illegal_transition";
    if (r.status != 200 && !late) shop_.unexpected(question, r);
  });
}

}  // namespace stoa::whole
