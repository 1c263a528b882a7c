// The adapter "credentials": hashes passwords (Argon2id, 2 passes over 19 MiB, one lane) and makes tokens. Slow by
// design, so it runs on threads of its own.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "actors/user/credentials_types.hpp"
#include "actors/user/key_ring.hpp"

namespace stoa::user {

class Credentials {
 public:
  // `keys` outlives the adapter.
  explicit Credentials(const KeyRing& keys);

  // Any thread. Takes as long for a user who is not there as for a wrong password.
  CredentialsResult run(const CredentialsRequest& request) const;
  // The same on encoded records. REQUIRES a request that decodes.
  std::string run(const std::string& request) const;

 private:
  void make_tokens(CredentialsResult& result, Time now) const;
  const KeyRing& keys_;
};

// The stored form: "$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>". nullopt when there is no memory for it.
std::optional<std::string> hash_password(std::string_view password);
bool is_password(std::string_view password, const std::string& hash);

}  // namespace stoa::user
