// Memory for many small pieces that all end together: a piece costs a few instructions instead of a call of malloc, and
// stays where it is. A piece that is given back serves the next one of its size, so that records that come and go take
// no more room than those that are there at one time. One thread.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace stoa {

class ByteArena {
 public:
  ByteArena() = default;
  ByteArena(ByteArena&& from) noexcept { swap(from); }
  ByteArena& operator=(ByteArena&& from) noexcept { return swap(from), *this; }

  // Uninitialised and unaligned; for what is never given back.
  char* take(size_t bytes);
  // A piece of capacity_for(bytes), for give_back().
  char* take_piece(size_t bytes);
  void give_back(char* piece, size_t capacity);
  static size_t capacity_for(size_t bytes) { return (bytes + kStep - 1) / kStep * kStep; }

  size_t bytes() const { return bytes_; }  // of memory held

 private:
  static constexpr size_t kStep = 32;
  static constexpr size_t kSizes = 32;  // pieces of more than kStep * kSizes bytes are not used again
  static constexpr size_t kFirstBlock = 4 << 10, kLargestBlock = 64 << 10;

  void swap(ByteArena& other) noexcept;

  std::vector<std::unique_ptr<char[]>> blocks_;
  char* next_ = nullptr;  // free in the last block
  size_t left_ = 0;
  size_t bytes_ = 0;
  // By size in steps: lists that run through the pieces themselves. None before the first is given back.
  std::unique_ptr<std::array<char*, kSizes + 1>> given_back_;
};

}  // namespace stoa
