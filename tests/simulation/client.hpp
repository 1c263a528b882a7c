// A client of the simulated shop: does one thing after another through whichever gateway, and asks again under the same
// key, through another one, until it knows what became of it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/simulation/cluster.hpp"
#include "tests/simulation/shop.hpp"

namespace stoa::whole {

class Client {
 public:
  enum class Kind { kCustomer, kMerchant, kCarrier, kAdmin, kVisitor };
  // All outlive it.
  Client(Cluster& cluster, Shop& shop, Kind kind, int number);

  // First some products (a merchant's), then whatever comes to mind, until finish().
  void start();
  void finish() { finishing_ = true; }
  bool idle() const { return !busy_; }
  uint64_t settled() const { return settled_; }

 private:
  using Take = std::function<void(const Response&)>;

  void next();
  void act_as_customer();
  void act_as_merchant();
  void create_product();
  void place();
  void repeat_placing();
  void use_key_for_another();
  void read_order();
  void cancel();
  void confirm_payment();
  void adjust();
  void read_stock();
  void read_product();
  void track();
  void void_payment();
  // visitor.cpp: registers users, logs in, and keeps sessions alive.
  void act_as_visitor();
  void sign_up();
  void log_in();
  void refresh();
  void refresh_with_spent_token();
  void use_revoked_session();

  // Until it is settled; `take` gets the answer.
  void insist(Question question, Take take);
  // Once: an answer, or none.
  void try_once(Question question, Take take);
  void send(const Question& question, const Take& take, bool insists, int tries);
  void done();

  Shop::Order* any_order(const std::string& status);
  Shop::Product& any_product();
  std::string new_key();
  bool chance(uint64_t percent) { return cluster_.schedule().chance(percent); }
  uint64_t below(uint64_t n) { return cluster_.schedule().random().below(n); }
  Question post(std::string target, std::string body);
  Question get(std::string target) const;

  Cluster& cluster_;
  Shop& shop_;
  const Kind kind_;
  const std::string bearer_;
  struct Session {
    std::string token;  // to refresh it with
    std::string spent;  // the one before; empty: there was none
  };
  std::vector<Session> sessions_;  // a visitor's, that are good
  std::string revoked_;            // the token of one that is not; empty: there was none
  uint64_t keys_ = 0;
  uint64_t attempt_ = 0;
  uint64_t settled_ = 0;
  bool busy_ = false;
  bool finishing_ = false;
};

// Of placing an order: the answer is one that the API may give.
void take_placing(Shop& shop, Shop::Keyed& keyed, const Response& response);

}  // namespace stoa::whole
