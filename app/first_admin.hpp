// A cluster's first administrator: named by STOA_ADMIN_EMAIL, with the password in the file STOA_ADMIN_PASSWORD_FILE.
// Every node may be told; a user who is there already is left as it is, password and role included.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>

#include "actors/runtime/router.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/secret.hpp"
#include "cluster/config.hpp"

namespace stoa {

struct FirstAdmin {
  std::string email;
  Secret password;
};

// nullopt: none is asked for. One trailing newline of the file is not part of the password. The fault's pointer is the
// variable's name.
using FirstAdminResult = std::variant<std::optional<FirstAdmin>, ConfigFault>;
FirstAdminResult read_first_admin(const std::map<std::string, std::string>& environment);

class FirstAdminSeed {
 public:
  // Hashes a password off the loop and calls back on it; empty when it could not.
  using Hash = std::function<void(const std::string& password, std::function<void(std::string hash)>)>;
  // Empty when the administrator is there, else what failed.
  using Done = std::function<void(const std::string& fault)>;

  // All outlive the seed.
  FirstAdminSeed(FirstAdmin admin, Router& router, const Clock& clock, Random& random, Hash hash)
      : admin_(std::move(admin)), router_(router), clock_(clock), random_(random), hash_(std::move(hash)) {}

  // Once, on the loop.
  void start(Done done);

 private:
  void answered(const Answer& answer);

  const FirstAdmin admin_;
  Router& router_;
  const Clock& clock_;
  Random& random_;
  const Hash hash_;
  Done done_;
};

}  // namespace stoa
