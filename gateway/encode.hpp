// An answer of the domain as an HTTP response.
#pragma once

#include <string_view>

#include "actors/runtime/route.hpp"
#include "base/outcome.hpp"
#include "gateway/exchange.hpp"
#include "gateway/problem.hpp"

namespace stoa {

// Status, body, Location, ETag and Idempotency-Replayed; 304 where If-None-Match asks for it.
void encode_answer(const Answer& answer, bool replayed, const ProblemTable& problems, Exchange& ex);

}  // namespace stoa
