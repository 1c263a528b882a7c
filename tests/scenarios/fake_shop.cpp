#include "tests/scenarios/fake_shop.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <chrono>
#include <memory>

namespace stoa::scenarios {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using Json = nlohmann::json;

bool begins(const std::string& text, const std::string& prefix) { return text.compare(0, prefix.size(), prefix) == 0; }

std::string hex_id(const std::string& prefix, int number) {
  char digits[33];
  std::snprintf(digits, sizeof digits, "%032x", static_cast<unsigned>(number));
  return prefix + digits;
}

}  // namespace

struct FakeShop::Connection : std::enable_shared_from_this<FakeShop::Connection> {
  Connection(FakeShop& owner, asio::ip::tcp::socket accepted)
      : shop(owner), socket(std::move(accepted)), timer(socket.get_executor()) {}

  void read() {
    request = {};
    http::async_read(socket, buffer, request, [self = shared_from_this()](auto error, size_t) {
      if (!error) self->work();
    });
  }
  void work() {
    const bool product =
        begins(std::string(request.target()), "/v1/products/prd_") && request.method() == http::verb::get;
    if (shop.lies_.hangs_up && product) return socket.close();
    response = shop.handle(request);
    timer.expires_after(std::chrono::milliseconds(product ? shop.lies_.answer_after_ms : 0));
    timer.async_wait([self = shared_from_this()](auto) { self->write(); });
  }
  void write() {
    http::async_write(socket, response, [self = shared_from_this()](auto error, size_t) {
      if (!error) self->read();
    });
  }

  FakeShop& shop;
  asio::ip::tcp::socket socket;
  asio::steady_timer timer;
  boost::beast::flat_buffer buffer;
  Request request;
  Response response;
};

FakeShop::FakeShop(Lies lies) : lies_(lies), acceptor_(io_, {asio::ip::address_v4::loopback(), 0}) {
  passwords_["merchant@demo.stoa"] = "correct-horse-battery";
  products_["prd_of_before"] = {"merchant@demo.stoa", 50, 0};
  accept();
  thread_ = std::thread([this] { io_.run(); });
}

FakeShop::~FakeShop() {
  io_.stop();
  thread_.join();
}

std::string FakeShop::url() const { return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()); }

std::vector<std::string> FakeShop::seen() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return seen_;
}

void FakeShop::accept() {
  acceptor_.async_accept([this](auto error, asio::ip::tcp::socket socket) {
    if (error) return;
    std::make_shared<Connection>(*this, std::move(socket))->read();
    accept();
  });
}

void FakeShop::answer(Response& response, int status, const Json& body) {
  response.result(static_cast<unsigned>(status));
  response.set(http::field::content_type, status < 400 ? "application/json" : "application/problem+json");
  response.body() = body.dump();
}

std::string FakeShop::who(const Request& request) {
  const std::string header(request[http::field::authorization]);
  const auto found = begins(header, "Bearer ") ? tokens_.find(header.substr(7)) : tokens_.end();
  if (found == tokens_.end()) return "";
  if (lies_.expires_after_requests > 0 && ++uses_[found->first] > lies_.expires_after_requests) return "";
  return found->second;
}

FakeShop::Response FakeShop::handle(const Request& request) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const std::string target(request.target());
  const bool posts = request.method() == http::verb::post;
  seen_.push_back(std::string(request.method_string()) + " " + target + " " + request.body());
  Response response;
  response.version(11);
  response.keep_alive(true);
  const Json body = Json::parse(request.body(), nullptr, false);
  const std::string caller = who(request);
  if (posts && target == "/v1/users") {
    const bool made = passwords_.emplace(body["email"], body["password"]).second;
    answer(response, made ? 201 : 409, made ? Json{{"id", "usr_1"}} : Json{{"code", "email_taken"}});
  } else if (posts && target == "/v1/sessions") {
    const auto found = passwords_.find(body["email"]);
    const bool right = found != passwords_.end() && found->second == body["password"];
    const std::string token = "token-" + std::to_string(++minted_);
    if (right) tokens_[token] = found->first;
    answer(response, right ? 201 : 401,
           right ? Json{{"access_token", token}, {"expires_in", 600}} : Json{{"code", "unauthenticated"}});
  } else if (target == "/big") {
    answer(response, 200, {{"big", 9007199254740993}, {"nothing", nullptr}, {"empty", Json::array()}});
  } else if (caller.empty()) {
    answer(response, target == "/" ? 404 : 401, {{"code", "unauthenticated"}});
  } else if (posts && target == "/v1/products") {
    if (!skus_.insert(body["sku"]).second) {
      answer(response, 409, {{"code", "sku_taken"}});
      response.prepare_payload();
      return response;
    }
    const std::string id = hex_id("prd_", ++minted_);
    products_[id] = {caller, body.value("stock", 0), 0};
    answer(response, 201, {{"id", id}, {"merchant_id", caller}});
  } else if (posts && target == "/v1/orders") {
    place(request, caller, response);
  } else if (begins(target, "/v1/orders?")) {
    list(caller, target, response);
  } else {
    read(target, response);
  }
  response.prepare_payload();
  return response;
}

void FakeShop::make_order(const Json& asked, const std::string& caller, Json& order) {
  const std::string id = hex_id("ord_", ++minted_);
  int64_t sum = 0;
  Json lines = Json::array();
  for (const Json& line : asked["lines"]) {
    const auto quantity = line["quantity"].get<int64_t>();
    lines.push_back({{"product_id", line["product_id"]}, {"quantity", quantity}, {"sku", nullptr}});
    sum += quantity * 1999;
    Product& product = products_[line["product_id"]];
    if (!lies_.keeps_stock) product.on_hand -= quantity;
    if (lies_.leaks_reservations) product.reserved += 1;
  }
  order = {
      {"id", id},
      {"status", "confirmed"},
      {"lines", lines},
      {"total", {{"amount", sum}, {"currency", "EUR"}}},
      {"payment_id", "pay_" + id},
      {"shipment_ids", {"shp_" + id}},
      {"history", {{{"seq", 1}, {"event", "placed"}}, {{"seq", lies_.skips_events ? 3 : 2}, {"event", "confirmed"}}}}};
  if (!lies_.loses_orders) orders_.emplace_back(caller, order);
}

void FakeShop::place(const Request& request, const std::string& caller, Response& response) {
  const std::string key = caller + " " + std::string(request["Idempotency-Key"]);
  if (const auto found = recorded_.find(key); found != recorded_.end() && !lies_.forgets_keys) {
    if (found->second.first != request.body()) return answer(response, 422, {{"code", "idempotency_key_reused"}});
    answer(response, 201, Json::parse(found->second.second));
    response.set("Idempotency-Replayed", "true");
    return;
  }
  const Json asked = Json::parse(request.body());
  for (const Json& line : asked["lines"]) {
    const bool enough = products_[line["product_id"]].on_hand >= line["quantity"].get<int64_t>();
    if (!enough && !lies_.oversells) return answer(response, 409, {{"code", "out_of_stock"}});
  }
  Json order;
  make_order(asked, caller, order);
  if (lies_.doubles_orders) make_order(asked, caller, order);
  answer(response, 201, order);
  recorded_[key] = {request.body(), response.body()};
}

void FakeShop::list(const std::string& caller, const std::string& target, Response& response) {
  const size_t limit = target.find("limit=100") != std::string::npos ? 100 : 1;
  const size_t cursor = target.find("cursor=");
  size_t skip = cursor == std::string::npos ? 0 : std::stoul(target.substr(cursor + 7));
  const size_t next = skip + limit;
  Json items = Json::array();
  for (auto at = orders_.rbegin(); at != orders_.rend() && items.size() < limit; ++at) {
    if (at->first != caller) continue;
    if (skip > 0) {
      --skip;
      continue;
    }
    items.push_back(at->second);
    if (lies_.lists_twice) items.push_back(at->second);
  }
  const bool more = items.size() == limit;
  answer(response, 200, {{"items", items}, {"next_cursor", more ? Json(std::to_string(next)) : Json()}});
}

void FakeShop::read(const std::string& target, Response& response) {
  const std::string last = target.substr(target.rfind('/') + 1);
  if (last == "stock") {
    const std::string id = target.substr(13, target.size() - 13 - 6);
    const Product& product = products_[id];
    return answer(response, 200,
                  {{"on_hand", product.on_hand},
                   {"reserved", product.reserved},
                   {"available", product.on_hand - product.reserved}});
  }
  if (begins(last, "prd_")) return answer(response, lies_.product_status, {{"id", last}});
  for (const auto& [owner, order] : orders_) {
    const std::string id = order["id"];
    if (last == id) {
      Json shown = order;
      if (lies_.changes_totals) shown["total"]["amount"] = 1;
      return answer(response, 200, shown);
    }
    if (last == "pay_" + id && !lies_.forgets_payments) {
      return answer(response, 200,
                    {{"id", last},
                     {"order_id", id},
                     {"status", "authorized"},
                     {"amount", order["total"]},
                     {"ledger", Json::array()}});
    }
    if (last == "shp_" + id) return answer(response, 200, {{"id", last}, {"order_id", id}, {"status", "booked"}});
  }
  answer(response, 404, {{"code", "not_found"}});
}

}  // namespace stoa::scenarios
