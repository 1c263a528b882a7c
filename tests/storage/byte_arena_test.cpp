#include "storage/byte_arena.hpp"

#include <cstring>
#include <gtest/gtest.h>
#include <map>
#include <string>

#include "base/random.hpp"

namespace stoa {
namespace {

TEST(ByteArena, LeavesEveryPieceWhereItIs) {
  ByteArena arena;
  std::map<char*, std::string> pieces;
  SeededRandom random(1);
  for (int i = 0; i < 3000; ++i) {
    const std::string text(1 + random.below(300), static_cast<char>('a' + i % 26));
    char* const at = random.below(2) == 0 ? arena.take(text.size()) : arena.take_piece(text.size());
    std::memcpy(at, text.data(), text.size());
    pieces[at] = text;
  }
  for (const auto& [at, text] : pieces) ASSERT_EQ(std::string(at, text.size()), text);
}

TEST(ByteArena, UsesAPieceThatWasGivenBackForTheNextOfItsSize) {
  ByteArena arena;
  char* const first = arena.take_piece(100);
  char* const second = arena.take_piece(100);
  arena.give_back(first, ByteArena::capacity_for(100));
  arena.give_back(second, ByteArena::capacity_for(100));
  EXPECT_NE(arena.take_piece(40), first);
  EXPECT_EQ(arena.take_piece(128), second);
  EXPECT_EQ(arena.take_piece(97), first);
  EXPECT_NE(arena.take_piece(100), first);
}

TEST(ByteArena, TakesNoMoreMemoryForWhatComesAndGoes) {
  ByteArena arena;
  arena.give_back(arena.take_piece(500), ByteArena::capacity_for(500));
  const size_t bytes = arena.bytes();
  for (int i = 0; i < 10'000; ++i) arena.give_back(arena.take_piece(500), ByteArena::capacity_for(500));
  EXPECT_EQ(arena.bytes(), bytes);
}

TEST(ByteArena, TakesPiecesOfAnySize) {
  ByteArena arena;
  arena.give_back(arena.take_piece(0), 0);
  char* const large = arena.take_piece(1 << 20);
  std::memset(large, 'x', 1 << 20);
  arena.give_back(large, ByteArena::capacity_for(1 << 20));
  EXPECT_GE(arena.bytes(), size_t{1} << 20);
}

}  // namespace
}  // namespace stoa
