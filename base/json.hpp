// Strict JSON from outside: UTF-8, bounded depth, no duplicate members, nothing after the value. Refuses, never
// repairs.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "base/result.hpp"

namespace stoa {

constexpr size_t kMaxJsonDepth = 32;

// The error says what is wrong and at which byte. An integer past 64 bits parses as a floating number, which no
// integer field accepts.
Result<nlohmann::json> parse_json(std::string_view text, size_t max_depth = kMaxJsonDepth);

}  // namespace stoa
