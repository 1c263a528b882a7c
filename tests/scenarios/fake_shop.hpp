// A shop of its own, in memory, on an ephemeral port and a thread of its own: enough of the API for scenarios, and able
// to lie in known ways.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace stoa::scenarios {

struct Lies {
  bool loses_orders = false;        // answers 201 and forgets the order
  bool doubles_orders = false;      // makes two for one request
  bool oversells = false;           // does not look at the stock
  bool keeps_stock = false;         // sells without taking anything out
  bool leaks_reservations = false;  // never lets go of what an order held
  bool changes_totals = false;      // shows another total than it promised
  bool forgets_payments = false;    // 404 for the payment of an order
  bool forgets_keys = false;        // a repeated request is a new order
  bool skips_events = false;        // a hole in the history
  bool lists_twice = false;         // an order is in two places of its list
  int answer_after_ms = 0;          // every answer under load
  int product_status = 200;         // of GET /v1/products/{id}
  bool hangs_up = false;            // on GET /v1/products/{id}, without an answer
  int expires_after_requests = 0;   // a user's token is good for so many requests; 0: for ever
};

class FakeShop {
 public:
  explicit FakeShop(Lies lies = {});
  ~FakeShop();

  std::string url() const;
  // The requests of the load so far, "METHOD path body", in the order in which they came.
  std::vector<std::string> seen() const;

 private:
  using Request = boost::beast::http::request<boost::beast::http::string_body>;
  using Response = boost::beast::http::response<boost::beast::http::string_body>;
  using Json = nlohmann::json;
  struct Connection;
  struct Product {
    std::string owner;
    int64_t on_hand = 0;
    int64_t reserved = 0;
  };

  void accept();
  Response handle(const Request& request);
  void answer(Response& response, int status, const Json& body);
  void place(const Request& request, const std::string& who, Response& response);
  void list(const std::string& who, const std::string& target, Response& response);
  void read(const std::string& target, Response& response);
  std::string who(const Request& request);
  void make_order(const Json& asked, const std::string& who, Json& order);

  const Lies lies_;
  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  mutable std::mutex mutex_;
  std::vector<std::string> seen_;
  std::map<std::string, std::string> passwords_;
  std::map<std::string, std::string> tokens_;
  std::map<std::string, int> uses_;
  std::map<std::string, Product> products_;
  std::vector<std::pair<std::string, Json>> orders_;                     // owner and order, oldest first
  std::map<std::string, std::pair<std::string, std::string>> recorded_;  // owner and key: request, answer of a 201
  std::set<std::string> skus_;
  int minted_ = 0;
  std::thread thread_;
};

}  // namespace stoa::scenarios
