#include "gateway/query_string.hpp"

#include <algorithm>

namespace stoa {
namespace {

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// RFC 3629: shortest forms only, no surrogates, nothing past U+10FFFF.
bool is_utf8(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  for (size_t i = 0; i < text.size();) {
    const unsigned char c = byte(i);
    const size_t length = c < 0x80                ? 1
                          : c >= 0xc2 && c < 0xe0 ? 2
                          : c >= 0xe0 && c < 0xf0 ? 3
                          : c >= 0xf0 && c < 0xf5 ? 4
                                                  : 0;
    if (length == 0 || i + length > text.size()) return false;
    for (size_t k = 1; k < length; ++k) {
      if ((byte(i + k) & 0xc0) != 0x80) return false;
    }
    if (c == 0xe0 && byte(i + 1) < 0xa0) return false;
    if (c == 0xed && byte(i + 1) > 0x9f) return false;
    if (c == 0xf0 && byte(i + 1) < 0x90) return false;
    if (c == 0xf4 && byte(i + 1) > 0x8f) return false;
    i += length;
  }
  return true;
}

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = digit_of(text[i + 1]), low = digit_of(text[i + 2]);
      if (high < 0 || low < 0 || (high == 0 && low == 0)) return std::nullopt;
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  if (!is_utf8(out)) return std::nullopt;
  return out;
}

QueryString parse_query(std::string_view query, const std::vector<std::string>& names) {
  QueryString out;
  while (!query.empty()) {
    const size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (pair.empty()) continue;
    const size_t equals = std::min(pair.find('='), pair.size());
    const auto name = percent_decoded(pair.substr(0, equals), true);
    const auto value = percent_decoded(pair.substr(std::min(equals + 1, pair.size())), true);
    if (!name || !value) {
      out.faults.push_back({"/query", "invalid_value", "a percent-escape is not well formed"});
    } else if (std::find(names.begin(), names.end(), *name) == names.end()) {
      out.faults.push_back({"/query/" + *name, "unknown_field", "no such query parameter"});
    } else if (!out.values.emplace(*name, *value).second) {
      out.faults.push_back({"/query/" + *name, "duplicate", "given twice"});
    }
  }
  return out;
}

}  // namespace stoa
