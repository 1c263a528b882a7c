// The payment provider outside the simulated cluster: the sandbox's verdicts, and an account of whose money is held or
// taken, which the cluster's records are compared with at the end.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "actors/payment/provider_types.hpp"
#include "tests/simulation/findings.hpp"

namespace stoa::whole {

class Provider {
 public:
  struct Account {
    int64_t held = 0;
    int64_t taken = 0;  // captured and not given back
    bool voided = false;
  };

  explicit Provider(Findings& findings) : findings_(findings) {}

  // What a request does there, when it arrives. Under one key everything happens once.
  void perform(const std::string& key, const std::string& request);
  Account account(const Uuid& payment) const;

 private:
  Findings& findings_;
  std::map<std::string, std::string> done_;  // request by key
  std::map<Uuid, Account> accounts_;
};

}  // namespace stoa::whole
