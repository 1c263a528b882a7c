// What the clients of a simulated cluster know: what they were promised, by whom, and what they have seen. Checks each
// answer against it:
//  - one key, one answer: status, body, Location and ETag of every answer under a key are the same;
//  - a read that was begun after an answer, through any gateway, sees at least what that answer showed;
//  - a version of an order has one body.
#pragma once

#include <cstdint>
#include <deque>
#include <list>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/cluster/simulation/schedule.hpp"
#include "tests/simulation/findings.hpp"
#include "tests/simulation/request.hpp"

namespace stoa::whole {

class Shop {
 public:
  struct Product {
    std::string id;
    int64_t initial = 0;
    int64_t adjusted = 0;                            // by adjustments that were acknowledged
    int64_t floor = 0;                               // the newest version of the stock that anybody was shown
    std::deque<std::pair<int64_t, int64_t>> floors;  // when it became so
  };
  struct Order {
    std::string id;
    std::string customer;
    std::string status;
    bool wants_confirmation = false;  // of the payment
    int64_t floor = 0;                // the newest version that anybody was shown
    std::map<int64_t, uint64_t> bodies;
  };
  // A request under a key, for ever.
  struct Keyed {
    Question question;
    std::optional<Response> answer;
  };

  Shop(const simulation::Schedule& schedule, Findings& findings) : schedule_(schedule), findings_(findings) {}

  // Said under the key; returns whether it is the first time.
  bool answered(Keyed& keyed, const Response& response);

  // The floor for a read that begins now; 0 of what nobody has seen.
  int64_t order_floor(const std::string& id) const;
  // A whole order, in an answer to a question begun at that floor. `anew`: not the repetition of an old answer.
  void saw_order(const std::string& body, const std::string& customer, int64_t floor, bool anew);
  void missed_order(const std::string& id, int64_t floor);

  void saw_stock(Product& product, const std::string& body, int64_t floor);
  // The entity tag of a product names the versions of product and stock.
  void saw_product(Product& product, const std::string& etag, int64_t floor);
  // What anybody had been shown so long ago.
  static int64_t floor_before(const Product& product, int64_t ms);

  void unexpected(const Question& question, const Response& response);
  // Of a key that had been answered.
  void broken_key(const Question& question, const Response& response);

  std::list<Product> products;  // pointed to
  std::map<std::string, Order> orders;
  std::list<Keyed> placings;  // pointed to
  // The users that anybody was told of: id by email.
  std::map<std::string, std::string> users;
  // A finding of those that begin so.
  void broken(const std::string& what, const Question& question, const Response& response);

 private:
  void raise(Product& product, int64_t version);

  const simulation::Schedule& schedule_;
  Findings& findings_;
};

// The code of a problem, or the empty string.
std::string code_of(const Response& response);
// Nothing was decided: ask again.
bool is_transient(const Response* response);

}  // namespace stoa::whole
