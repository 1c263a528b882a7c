// Who a scenario's requests are sent as: the accounts that it logged in, and their tokens.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "scenarios/http_client.hpp"
#include "scenarios/scenario.hpp"

namespace stoa::scenarios {

struct Account {
  std::string email;
  std::string password;
  std::string authorization;  // the header line with its token; "" until logged in
  std::string refresh_token;
  int64_t renew_at_ns = 0;  // monotonic: from here on the token is renewed beside the load
  bool renewing = false;
  bool kept_fresh = false;  // one of the scenario's users: its token is renewed, and a 401 repeated with a new one

  uint64_t orders_unanswered = 0;  // orders asked for whose outcome the client never learnt
  bool placed_orders = false;
  bool looked_before = false;       // whether its orders were looked at before the run, so that others are of the run
  std::string newest_order_before;  // then: the newest of them; "" when there was none
};

// Accounts live as long as this and never move. One thread, the client's.
class Accounts {
 public:
  Accounts(HttpClient& client, const Clock& clock) : client_(client), clock_(clock) {}

  // Registers those that are missing and logs all in. Runs the loop.
  Result<void> prepare(const UsersSpec& spec);

  // The user of iteration `number`, in turn; nullptr when the scenario has no users.
  Account* user(uint64_t number);

  // Remembers a login that a script did; `answer` is the body of POST /v1/sessions. nullptr when it holds no token.
  Account* signed_in(const std::string& email, const std::string& password, const std::string& answer);

  // Sends as this account (nullptr: as nobody) and, for an account that is kept fresh, renews a token near its end.
  // After a 401 the account is logged in anew and the request repeated, once: a 401 changed nothing.
  void send(HttpRequest request, Account* account, std::function<void(HttpResponse)> done);

  struct Ask {
    Account* account = nullptr;  // nullptr: nobody
    HttpRequest request;
  };
  // All of them, in order, run to the end; those that were turned away for the moment (429, 503, no answer) or for an
  // old token are asked again for some seconds. Runs the loop.
  std::vector<HttpResponse> ask_all(const std::vector<Ask>& asks, size_t at_once);

  std::deque<Account>& all() { return accounts_; }

 private:
  Account& account(const std::string& email);
  Result<void> prepare_some(std::vector<Account*> users, size_t first);
  bool take_tokens(Account& account, const std::string& answer);
  void renew_aside(Account& account);
  void log_in(Account& account, std::function<void(bool)> done);

  HttpClient& client_;
  const Clock& clock_;
  std::deque<Account> accounts_;
  std::vector<Account*> users_;
};

HttpRequest json_request(std::string method, std::string path, std::string body);

}  // namespace stoa::scenarios
