// The head of a request, as views into the bytes that its session keeps.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace stoa {

enum class Method : uint8_t { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions, kOther };

// ASCII letters compare without case.
bool same_token(std::string_view a, std::string_view b);
// Without spaces and tabs at both ends.
std::string_view trimmed(std::string_view text);

struct RequestHead {
  struct Field {
    std::string_view name;
    std::string_view value;
  };

  Method method = Method::kOther;
  std::string_view method_text;
  std::string_view target;
  std::string_view path;   // of target, undecoded
  std::string_view query;  // of target, undecoded, without '?'
  int version = 11;        // 10 or 11
  std::vector<Field> fields;
  std::optional<uint64_t> content_length;
  bool chunked = false;
  bool keep_alive = true;
  bool expects_continue = false;

  // The first field of that name, or empty.
  std::string_view find(std::string_view name) const;
  bool has(std::string_view name) const { return count(name) > 0; }
  size_t count(std::string_view name) const;
  bool has_body() const { return chunked || content_length.value_or(0) > 0; }
  void clear();
};

// Why a request is refused before it is understood.
struct RequestFault {
  int status = 0;
  std::string_view code;
  std::string_view detail;
};

}  // namespace stoa
