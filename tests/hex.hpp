// Bytes as hexadecimal digits and back, for tests that freeze what is stored.
#pragma once

#include <string>
#include <string_view>

namespace stoa {

inline std::string hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    for (const int nibble : {static_cast<unsigned char>(c) >> 4, c & 15}) out.push_back("0123456789abcdef"[nibble]);
  }
  return out;
}

// REQUIRES digits alone, two for each byte.
inline std::string unhex(std::string_view digits) {
  std::string out;
  for (size_t i = 0; i < digits.size(); i += 2) {
    out.push_back(static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16)));
  }
  return out;
}

}  // namespace stoa
