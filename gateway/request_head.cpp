#include "gateway/request_head.hpp"

namespace stoa {
namespace {

char lowered(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

}  // namespace

bool same_token(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (lowered(a[i]) != lowered(b[i])) return false;
  }
  return true;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string_view RequestHead::find(std::string_view name) const {
  for (const Field& f : fields) {
    if (same_token(f.name, name)) return f.value;
  }
  return {};
}

size_t RequestHead::count(std::string_view name) const {
  size_t n = 0;
  for (const Field& f : fields) n += same_token(f.name, name);
  return n;
}

void RequestHead::clear() {
  auto kept = std::move(fields);
  kept.clear();
  *this = RequestHead();
  fields = std::move(kept);
}

}  // namespace stoa
