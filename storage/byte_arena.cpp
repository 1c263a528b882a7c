#include "storage/byte_arena.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace stoa {

void ByteArena::swap(ByteArena& other) noexcept {
  std::swap(blocks_, other.blocks_);
  std::swap(next_, other.next_);
  std::swap(left_, other.left_);
  std::swap(bytes_, other.bytes_);
  std::swap(given_back_, other.given_back_);
}

char* ByteArena::take(size_t bytes) {
  if (bytes > left_) {
    const size_t grown = std::clamp(bytes_, kFirstBlock, kLargestBlock);  // doubles what there is
    const size_t block = std::max(bytes, grown);
    blocks_.emplace_back(new char[block]);
    next_ = blocks_.back().get();
    left_ = block;
    bytes_ += block;
  }
  left_ -= bytes;
  return std::exchange(next_, next_ + bytes);
}

char* ByteArena::take_piece(size_t bytes) {
  const size_t capacity = capacity_for(bytes), size = capacity / kStep;
  if (!given_back_ || size == 0 || size > kSizes || (*given_back_)[size] == nullptr) return take(capacity);
  char* const piece = (*given_back_)[size];
  std::memcpy(&(*given_back_)[size], piece, sizeof piece);
  return piece;
}

void ByteArena::give_back(char* piece, size_t capacity) {
  const size_t size = capacity / kStep;
  if (size == 0 || size > kSizes) return;
  if (!given_back_) given_back_ = std::make_unique<std::array<char*, kSizes + 1>>();
  std::memcpy(piece, &(*given_back_)[size], sizeof piece);
  (*given_back_)[size] = piece;
}

}  // namespace stoa
