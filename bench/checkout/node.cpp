#include "bench/checkout/node.hpp"

#include <filesystem>
#include <stdexcept>

#include "base/json.hpp"
#include "bench/checkout/basket.hpp"
#include "bench/checkout/http_call.hpp"
#include "bench/checkout/http_load.hpp"
#include "bench/checkout/scrape.hpp"
#include "bench/checkout/workplace.hpp"

namespace stoa::bench {
namespace {

constexpr int kCustomers = 64;
constexpr const char* kPassword = "correct-horse-battery";

std::string bearer(const std::string& token) { return "Authorization: Bearer " + token + "\r\n"; }

nlohmann::json parsed(const std::string& body) {
  auto json = parse_json(body);
  if (!json) throw std::runtime_error("stoa answers no JSON: " + body.substr(0, 200));
  return std::move(json).value();
}

std::string checkout_body(const Basket& basket, const std::vector<std::string>& products) {
  std::string body = R"({"lines":[)";
  for (const BasketLine& line : basket) {
    if (body.back() == '}') body += ',';
    body += R"({"product_id":")" + products[line.product] + R"(","quantity":)" + std::to_string(line.quantity) + "}";
  }
  return body + R"(],"shipping_address":{"name":"A B","line1":"Street 1","city":"Town","postal_code":"1000",)" +
         R"("country":"DE"},"payment":{"method":"tok_visa"}})";
}

}  // namespace

Node::Node(const std::string& program, const std::string& directory, int nodes)
    : nodes_(nodes), first_port_(free_ports(3 * nodes)) {
  std::filesystem::create_directories(directory);
  std::vector<std::string> command{program,           "dev",
                                   "--data",          directory + "/data",
                                   "--http-port",     std::to_string(http_port(0)),
                                   "--admin-port",    std::to_string(admin_port(0)),
                                   "--seed-products", "0"};
  if (nodes > 1) {
    const std::string cluster_port = std::to_string(first_port_ + 2 * nodes);
    command.insert(command.end(), {"--nodes", std::to_string(nodes), "--cluster-port", cluster_port});
  }
  process_ = std::make_unique<Process>(ProcessOptions{command, directory + "/log", "", SIGTERM});
  const std::string ready = http_request("GET", "/readyz", "", "");
  for (int i = 0; i < nodes; ++i) {
    wait_until([&] { return process_->check_running(), http_call(admin_port(i), ready).status == 200; }, 60,
               "stoa's being ready");
  }
  make_products();
  make_customers();
}

Measured Node::reads(int connections, double seconds) {
  std::vector<std::string> requests;
  for (const std::string& id : products_) requests.push_back(http_request("GET", "/v1/products/" + id, "", ""));
  HttpLoad load{{http_port(0)}, connections, 200, seconds, {}};
  load.requests = [&](int connection) {
    return [&requests, random = SeededRandom(static_cast<uint64_t>(connection))](std::string& out) mutable {
      out = requests[random.below(requests.size())];
    };
  };
  const double cpu = cpu_seconds(process_->pid());
  const auto before = counters();
  Measured measured = run_load(load);
  measured.server_cpu_s = cpu_seconds(process_->pid()) - cpu;
  measured.counters = growth(before, counters());
  return measured;
}

Measured Node::checkouts(int connections, double seconds) {
  std::vector<uint64_t> units(static_cast<size_t>(connections));
  HttpLoad load{{}, connections, 201, seconds, {}};
  for (int i = 0; i < nodes_; ++i) load.ports.push_back(http_port(i));
  const std::string run = "bench-" + std::to_string(++runs_) + "-";
  load.requests = [&](int connection) {
    const size_t number = static_cast<size_t>(connection);
    const std::string key = "Idempotency-Key: " + run + std::to_string(connection) + "-";
    return [&, number, head = bearer(tokens_[number % tokens_.size()]) + key, calls = 0,
            random = SeededRandom(runs_ * 1000 + number)](std::string& out) mutable {
      const Basket basket = random_basket(random);
      // An answer other than 201 ends the run, so whatever was sent has been acknowledged when it is counted.
      for (const BasketLine& line : basket) units[number] += static_cast<uint64_t>(line.quantity);
      out =
          http_request("POST", "/v1/orders", head + std::to_string(++calls) + "\r\n", checkout_body(basket, products_));
    };
  };
  const double cpu = cpu_seconds(process_->pid());
  const auto before = counters();
  Measured measured = run_load(load);
  for (const uint64_t count : units) units_ += count;
  // What goes on behind the answers belongs to them.
  wait_until([&] { return counters()["stoa_saga_open"] == 0; }, 20, "the end of stoa's open sagas");
  measured.server_cpu_s = cpu_seconds(process_->pid()) - cpu;
  measured.counters = growth(before, counters());
  return measured;
}

void Node::check_stock() {
  uint64_t gone = 0;
  for (const std::string& id : products_) {
    const auto product =
        parsed(must(200, http_request("GET", "/v1/products/" + id, "Cache-Control: no-cache\r\n", "")));
    gone += static_cast<uint64_t>(kStock - product.at("available").get<int64_t>());
  }
  if (gone != units_) {
    throw std::runtime_error("stoa sold " + std::to_string(gone) + " and acknowledged " + std::to_string(units_));
  }
}

std::string Node::must(int status, const std::string& request) {
  HttpAnswer answer = http_call(http_port(0), request);
  if (answer.status != status) {
    throw std::runtime_error("stoa answers " + std::to_string(answer.status) + " to " +
                             request.substr(0, request.find('\r')) + ": " + answer.body.substr(0, 500));
  }
  return std::move(answer.body);
}

std::string Node::log_in(const std::string& email) {
  const std::string body = R"({"email":")" + email + R"(","password":")" + kPassword + R"("})";
  return parsed(must(201, http_request("POST", "/v1/sessions", "", body))).at("access_token").get<std::string>();
}

void Node::make_products() {
  const std::string token = log_in("merchant@demo.stoa");
  for (uint64_t i = 0; i < kProducts; ++i) {
    const std::string number = std::to_string(i);
    const std::string body = R"({"sku":"bench-)" + number + R"(","name":"Product )" + number +
                             R"(","price":{"amount":)" + std::to_string(1000 + i) +
                             R"(,"currency":"EUR"},"category":"bench","stock":)" + std::to_string(kStock) + "}";
    const auto made = parsed(must(201, http_request("POST", "/v1/products", bearer(token), body)));
    products_.push_back(made.at("id").get<std::string>());
  }
  product_body_ = must(200, http_request("GET", "/v1/products/" + products_.back(), "", ""));
}

void Node::make_customers() {
  for (int i = 0; i < kCustomers; ++i) {
    const std::string email = "bench-" + std::to_string(i) + "@demo.stoa";
    const std::string body = R"({"email":")" + email + R"(","password":")" + kPassword + R"(","name":"Customer )" +
                             std::to_string(i) + R"("})";
    must(201, http_request("POST", "/v1/users", "", body));
    tokens_.push_back(log_in(email));
  }
}

std::map<std::string, double> Node::counters() {
  std::map<std::string, double> sums;
  for (int i = 0; i < nodes_; ++i) {
    for (const auto& [name, value] : scrape(admin_port(i))) sums[name] += value;
  }
  return sums;
}

}  // namespace stoa::bench
