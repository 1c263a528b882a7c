#include "base/crc32c.hpp"

#include <array>
#include <cstddef>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace stoa {
namespace {

constexpr uint32_t kPolynomial = 0x82f63b78;  // bits reversed

// tables[k][b]: the effect of byte b followed by k zero bytes, so that eight bytes take one step.
constexpr std::array<std::array<uint32_t, 256>, 8> make_tables() {
  std::array<std::array<uint32_t, 256>, 8> tables{};
  for (uint32_t b = 0; b < 256; ++b) {
    uint32_t crc = b;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (crc & 1 ? kPolynomial : 0);
    tables[0][b] = crc;
  }
  for (size_t k = 1; k < 8; ++k) {
    for (size_t b = 0; b < 256; ++b) {
      tables[k][b] = (tables[k - 1][b] >> 8) ^ tables[0][tables[k - 1][b] & 0xff];
    }
  }
  return tables;
}

constexpr auto kTables = make_tables();

#if defined(__x86_64__)
constexpr size_t kLaneBytes = 256;

// shifts[k][b]: what becomes of a state whose byte k is b, and all others 0, over kLaneBytes zero bytes. The step is
// linear, so that of a whole state is the sum of its bytes'.
constexpr std::array<std::array<uint32_t, 256>, 4> make_shifts() {
  std::array<uint32_t, 32> of_bit{};
  for (size_t bit = 0; bit < of_bit.size(); ++bit) {
    uint32_t state = uint32_t{1} << bit;
    for (size_t i = 0; i < kLaneBytes; ++i) {
      for (int step = 0; step < 8; ++step) state = (state >> 1) ^ (state & 1 ? kPolynomial : 0);
    }
    of_bit[bit] = state;
  }
  std::array<std::array<uint32_t, 256>, 4> shifts{};
  for (size_t k = 0; k < 4; ++k) {
    for (size_t b = 0; b < 256; ++b) {
      for (size_t bit = 0; bit < 8; ++bit) {
        if ((b >> bit & 1) != 0) shifts[k][b] ^= of_bit[8 * k + bit];
      }
    }
  }
  return shifts;
}

constexpr auto kShifts = make_shifts();

uint64_t over_a_lane(uint64_t state) {
  return kShifts[0][state & 0xff] ^ kShifts[1][state >> 8 & 0xff] ^ kShifts[2][state >> 16 & 0xff] ^
         kShifts[3][state >> 24 & 0xff];
}

uint64_t word_at(const char* at) {
  uint64_t word = 0;
  std::memcpy(&word, at, sizeof word);
  return word;
}

// The instruction gives its result after three cycles and begins anew in each, so three lanes take the time of one.
// Source: Mark Adler, crc32c.c.
__attribute__((target("sse4.2"))) uint32_t crc32c_by_processor(std::string_view data, uint32_t crc) {
  uint64_t state = ~crc;
  const char* at = data.data();
  size_t left = data.size();
  for (; left >= 3 * kLaneBytes; at += 3 * kLaneBytes, left -= 3 * kLaneBytes) {
    uint64_t second = 0, third = 0;
    for (size_t i = 0; i < kLaneBytes; i += 8) {
      state = _mm_crc32_u64(state, word_at(at + i));
      second = _mm_crc32_u64(second, word_at(at + kLaneBytes + i));
      third = _mm_crc32_u64(third, word_at(at + 2 * kLaneBytes + i));
    }
    state = over_a_lane(over_a_lane(state) ^ second) ^ third;
  }
  for (; left >= 8; at += 8, left -= 8) state = _mm_crc32_u64(state, word_at(at));
  auto narrow = static_cast<uint32_t>(state);
  for (; left > 0; ++at, --left) narrow = _mm_crc32_u8(narrow, static_cast<unsigned char>(*at));
  return ~narrow;
}
#endif

}  // namespace

uint32_t crc32c_by_table(std::string_view data, uint32_t crc) {
  uint32_t state = ~crc;
  const auto* at = reinterpret_cast<const unsigned char*>(data.data());
  size_t left = data.size();
  for (; left >= 8; at += 8, left -= 8) {
    state ^= static_cast<uint32_t>(at[0]) | static_cast<uint32_t>(at[1]) << 8 | static_cast<uint32_t>(at[2]) << 16 |
             static_cast<uint32_t>(at[3]) << 24;
    state = kTables[7][state & 0xff] ^ kTables[6][state >> 8 & 0xff] ^ kTables[5][state >> 16 & 0xff] ^
            kTables[4][state >> 24] ^ kTables[3][at[4]] ^ kTables[2][at[5]] ^ kTables[1][at[6]] ^ kTables[0][at[7]];
  }
  for (; left > 0; ++at, --left) state = (state >> 8) ^ kTables[0][(state ^ *at) & 0xff];
  return ~state;
}

uint32_t crc32c(std::string_view data, uint32_t crc) {
#if defined(__x86_64__)
  static const bool by_processor = __builtin_cpu_supports("sse4.2");
  if (by_processor) return crc32c_by_processor(data, crc);
#endif
  return crc32c_by_table(data, crc);
}

}  // namespace stoa
