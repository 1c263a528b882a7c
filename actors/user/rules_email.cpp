#include "actors/user/rules.hpp"

namespace stoa::user {
namespace {

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

// The dot-atom of RFC 5322: no quotes, no comments.
bool is_local_part(std::string_view text) {
  if (text.empty() || text.size() > 64 || text.front() == '.' || text.back() == '.') return false;
  constexpr std::string_view kSigns = "!#$%&'*+/=?^_`{|}~-";
  char before = 0;
  for (const char c : text) {
    const bool fits = is_letter_or_digit(c) || kSigns.find(c) != std::string_view::npos;
    if (!fits && (c != '.' || before == '.')) return false;
    before = c;
  }
  return true;
}

bool is_label(std::string_view text) {
  if (text.empty() || text.size() > 63 || text.front() == '-' || text.back() == '-') return false;
  for (const char c : text) {
    if (!is_letter_or_digit(c) && c != '-') return false;
  }
  return true;
}

bool is_domain(std::string_view text) {
  for (int labels = 1;; ++labels) {
    const size_t dot = text.find('.');
    if (!is_label(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return labels >= 2;
    text.remove_prefix(dot + 1);
  }
}

}  // namespace

bool is_email(std::string_view text) {
  const size_t at = text.find('@');
  return text.size() <= 254 && at != std::string_view::npos && is_local_part(text.substr(0, at)) &&
         is_domain(text.substr(at + 1));
}

}  // namespace stoa::user
