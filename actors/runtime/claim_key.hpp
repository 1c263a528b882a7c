// Claims an idempotency key for one body, on the shard that the key itself names: for calls whose own shard depends on
// the body, where another body under the same key would otherwise never meet the first. Understood by every shard.
#pragma once

#include <string>
#include <string_view>

#include "base/record.hpp"
#include "base/time.hpp"
#include "storage/key.hpp"

namespace stoa {

// Done when the key is new or was claimed for the same body; refused with idempotency_key_reused for another.
// Given back when the call came to a refusal that is not kept: then the key is new again, for any body.
struct ClaimKey {
  static constexpr std::string_view kName = "ClaimKey";
  std::string scope;      // Call::idempotency_scope of the call to come
  std::string body_hash;  // likewise
  bool gives_back = false;
};
template <class V>
void fields(V& v, ClaimKey& x) {
  v(1, "scope", x.scope);
  v(2, "body_hash", x.body_hash);
  v(3, "gives_back", x.gives_back);
}

}  // namespace stoa
