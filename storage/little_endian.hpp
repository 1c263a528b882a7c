// Numbers as the journal's format writes them: fixed width, least significant byte first.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace stoa {

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "numbers are copied as they lie in memory");

template <class T>
void put_number(std::string& out, T value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <class T>
void set_number(std::string& out, size_t at, T value) {
  std::memcpy(out.data() + at, &value, sizeof value);
}

// Reads numbers and bytes one after another. Past the end everything is zero and ok() false.
class NumberReader {
 public:
  explicit NumberReader(std::string_view in) : in_(in) {}

  template <class T>
  T number() {
    T value{};
    const std::string_view from = bytes(sizeof value);
    if (ok_) std::memcpy(&value, from.data(), sizeof value);
    return value;
  }
  std::string_view bytes(size_t count) {
    ok_ = ok_ && count <= in_.size();
    if (!ok_) return {};
    const std::string_view out = in_.substr(0, count);
    in_.remove_prefix(count);
    return out;
  }
  bool ok() const { return ok_; }
  size_t left() const { return in_.size(); }

 private:
  std::string_view in_;
  bool ok_ = true;
};

}  // namespace stoa
