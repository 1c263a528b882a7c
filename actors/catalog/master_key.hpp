// The cluster's master key: seals what the catalog keeps for all gateways, and opens it again. Sealed bytes are a nonce
// and libsodium's secretbox (XSalsa20, Poly1305) under it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace stoa {

// Immutable: any thread.
class MasterKey {
 public:
  static constexpr size_t kBytes = 32;

  // REQUIRES kBytes.
  explicit MasterKey(Secret bytes);
  // As its file holds it: base64, and one newline perhaps. nullopt: it is no key.
  static std::optional<MasterKey> parse(const Secret& line);
  // One that is nowhere else, as its file is to hold it.
  static Secret new_line();

  // Names the key without telling it.
  const std::string& id() const { return id_; }
  std::string seal(const Secret& secret) const;
  // nullopt: sealed with another key, or changed since.
  std::optional<Secret> open(std::string_view sealed) const;

 private:
  Secret bytes_;
  std::string id_;
};

}  // namespace stoa
