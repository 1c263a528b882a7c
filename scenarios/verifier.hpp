// Holds the target to its promises after the load, through HTTP alone. Everything is read as its owner would read it.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "scenarios/accounts.hpp"
#include "scenarios/findings.hpp"
#include "scenarios/promises.hpp"
#include "scenarios/scenario.hpp"

namespace stoa::scenarios {

class Verifier {
 public:
  Verifier(HttpClient& client, Accounts& accounts, const Promises& promises, const Clock& clock);

  // Before the load: remembers each account's newest order, so that older ones are left alone later.
  Result<void> look_before(const std::vector<Account*>& accounts);

  // After it. What an unfinished saga may still hold has until `settle_ns` from now to come right; after that it
  // counts. Idempotency goes first: an order that a repeat made anew is then found in the lists.
  std::vector<Findings> verify(const VerifySpec& spec, int64_t settle_ns);

 private:
  static constexpr int64_t kAgainNs = 200'000'000;
  static constexpr size_t kAtOnce = 32;
  static constexpr size_t kChunk = 500;  // orders examined together, to bound the memory of their answers

  using Json = nlohmann::json;
  struct Listed {
    Account* owner = nullptr;
    Json order;
  };

  Findings idempotency();
  Findings orders();
  Findings stock();
  Findings events();

  // One look, without patience.
  Findings look_at_orders(std::vector<const PromisedOrder*>& suspects);
  void look_at_chunk(const std::vector<const PromisedOrder*>& chunk, std::vector<const PromisedOrder*>& bad,
                     Findings& findings);
  void look_at_lists(Findings& findings, const std::vector<const PromisedOrder*>& promised);
  Findings look_at_stock();
  // Products of others that were sold: what little can be said of them.
  void look_at_strangers(const std::vector<std::string>& products, Findings& findings);

  // The orders of every account that placed one during the run, newest first. False when a list cannot be read.
  bool list_orders(std::vector<Listed>& listed, Findings& findings);
  std::vector<HttpResponse> get_all(const std::vector<std::pair<Account*, std::string>>& asks);
  // Waits a little for what may still come right; false once it had its time.
  bool may_settle();

  HttpClient& client_;
  Accounts& accounts_;
  const Promises& promises_;
  const Clock& clock_;
  int64_t settled_ns_ = 0;  // monotonic
};

}  // namespace stoa::scenarios
