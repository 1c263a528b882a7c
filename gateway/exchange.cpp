#include "gateway/exchange.hpp"

namespace stoa {

void Exchange::clear() {
  head.clear();
  body.clear();
  response.clear();
  trace_id.clear();
  request_id.clear();
  entry = nullptr;
  route = nullptr;
  path_values.clear();
  caller = {};
  token = {};
  has_token = false;
  bearer = {};
}

}  // namespace stoa
