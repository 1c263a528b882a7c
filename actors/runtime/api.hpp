// How a service's typed actor interface is declared: a list of message types, each answered by a Reply. Every shard
// understands ClaimKey and Bundle besides.
#pragma once

#include <caf/all.hpp>

#include "actors/runtime/bundle.hpp"
#include "actors/runtime/claim_key.hpp"
#include "actors/runtime/reply.hpp"
#include "base/call.hpp"
#include "base/record.hpp"

namespace stoa {

// On the wire between nodes a record is its encoding; inside a process CAF hands over the struct itself.
template <class Inspector, class R>
std::enable_if_t<record::is_record<R>::value, typename Inspector::result_type> inspect(Inspector& f, R& x) {
  std::string bytes;
  if constexpr (Inspector::reads_state) bytes = encode(x);
  if constexpr (!Inspector::writes_state) {
    return f(bytes);
  } else {
    auto result = f(bytes);
    auto decoded = decode<R>(bytes);
    if (!decoded) return caf::sec::invalid_argument;
    x = std::move(*decoded);
    return result;
  }
}

template <class... C>
struct Messages {};

template <class List>
struct ShardApiOf;
template <class... C>
struct ShardApiOf<Messages<C...>> {
  using type =
      caf::typed_actor<typename caf::replies_to<Call, C>::template with<Reply>...,
                       caf::replies_to<Call, ClaimKey>::with<Reply>, caf::replies_to<Call, Bundle>::with<Reply>>;
};
template <class List>
using ShardApi = typename ShardApiOf<List>::type;

// Type ids: the runtime's first, then a hundred for each service by its stable number.
inline constexpr caf::type_id_t kRuntimeTypeId = caf::first_custom_type_id;
constexpr caf::type_id_t first_type_id(uint16_t service) {
  return static_cast<caf::type_id_t>(caf::first_custom_type_id + 100 * (service + 1));
}

}  // namespace stoa

CAF_BEGIN_TYPE_ID_BLOCK(stoa_runtime, stoa::kRuntimeTypeId)
CAF_ADD_TYPE_ID(stoa_runtime, (stoa::Call))
CAF_ADD_TYPE_ID(stoa_runtime, (stoa::Reply))
CAF_ADD_TYPE_ID(stoa_runtime, (stoa::ClaimKey))
CAF_ADD_TYPE_ID(stoa_runtime, (stoa::Bundle))
CAF_END_TYPE_ID_BLOCK(stoa_runtime)
