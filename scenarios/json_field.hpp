// Reading a field of a JSON answer that may be anything.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace stoa::scenarios {

// The text under this key; "" when there is no such text.
inline std::string text_of(const nlohmann::json& object, const char* key) {
  const auto found = object.is_object() ? object.find(key) : object.end();
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace stoa::scenarios
