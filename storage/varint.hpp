// Whole numbers in as few bytes as they need (LEB128), and a reader that survives any bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace stoa {

inline void put_varint(std::string& out, uint64_t v) {
  for (; v >= 0x80; v >>= 7) out.push_back(static_cast<char>(v | 0x80));
  out.push_back(static_cast<char>(v));
}

inline void put_sized(std::string& out, std::string_view bytes) {
  put_varint(out, bytes.size());
  out += bytes;
}

// Reads one after another. Past the end, or after a number of more than 64 bits, all is zero and ok() is false.
class VarintReader {
 public:
  explicit VarintReader(std::string_view in) : in_(in) {}

  uint64_t varint() {
    uint64_t v = 0;
    for (int shift = 0; shift < 64 && !in_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(in_.front());
      in_.remove_prefix(1);
      if (shift == 63 && byte > 1) break;
      v |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) return v;
    }
    fail();
    return 0;
  }
  std::string_view bytes(uint64_t count) {
    if (count > in_.size()) fail();
    if (!ok_) return {};
    const std::string_view out = in_.substr(0, count);
    in_.remove_prefix(count);
    return out;
  }
  std::string_view sized() { return bytes(varint()); }
  std::string_view rest() { return bytes(in_.size()); }

  bool ok() const { return ok_; }
  size_t left() const { return in_.size(); }

 private:
  void fail() {
    ok_ = false;
    in_ = {};
  }

  std::string_view in_;
  bool ok_ = true;
};

}  // namespace stoa
