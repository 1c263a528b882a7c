#include "base/id.hpp"

namespace stoa {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

void put_big_endian(std::string& out, uint64_t v) {
  for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(v >> shift));
}

uint64_t get_big_endian(std::string_view eight) {
  uint64_t v = 0;
  for (const char c : eight) v = v << 8 | static_cast<unsigned char>(c);
  return v;
}

}  // namespace

Slot slot_of(std::string_view natural_key) {
  // FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/
  uint64_t h = 0xcbf29ce484222325ULL;
  for (const char c : natural_key) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  h ^= h >> 32;
  h ^= h >> 16;
  return static_cast<Slot>(h & (kSlots - 1));
}

std::string Uuid::bytes() const {
  std::string out;
  out.reserve(16);
  put_big_endian(out, high);
  put_big_endian(out, low);
  return out;
}

std::optional<Uuid> Uuid::from_bytes(std::string_view sixteen) {
  if (sixteen.size() != 16) return std::nullopt;
  return Uuid{get_big_endian(sixteen.substr(0, 8)), get_big_endian(sixteen.substr(8))};
}

std::string Uuid::hex() const {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out(32, '0');
  for (size_t i = 0; i < 16; ++i) {
    out[15 - i] = kDigits[high >> (4 * i) & 15];
    out[31 - i] = kDigits[low >> (4 * i) & 15];
  }
  return out;
}

std::optional<Uuid> Uuid::from_hex(std::string_view digits) {
  if (digits.size() != 32) return std::nullopt;
  Uuid u;
  for (size_t i = 0; i < 32; ++i) {
    const int d = hex_digit(digits[i]);
    if (d < 0) return std::nullopt;
    uint64_t& half = i < 16 ? u.high : u.low;
    half = half << 4 | static_cast<uint64_t>(d);
  }
  return u;
}

Uuid mint_uuid(Time now, Slot slot, Random& random) {
  Uuid u;
  u.high = static_cast<uint64_t>(now.ms) << 16 | 0x7000u | (slot & 0xfffu);  // unix_ts_ms, version 7, rand_a
  u.low = (random.u64() & 0x3fffffffffffffffULL) | 0x8000000000000000ULL;    // variant 10, rand_b
  return u;
}

}  // namespace stoa
