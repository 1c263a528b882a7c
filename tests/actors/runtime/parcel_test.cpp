#include "actors/runtime/parcel.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

TEST(Parcel, IsWholeAgainInWhateverPiecesItWent) {
  std::string bytes;
  for (int i = 0; i < 1000; ++i) bytes.push_back(static_cast<char>(i * 7));
  for (const size_t most : {2u, 3u, 500u, 1000u, 1001u, 5000u}) {
    ParcelJoiner joiner;
    const auto pieces = cut_parcel(bytes, most);
    std::optional<std::string> whole;
    for (const std::string& piece : pieces) {
      EXPECT_LE(piece.size(), most);
      EXPECT_FALSE(whole.has_value());
      whole = joiner.add(piece);
    }
    EXPECT_EQ(whole, bytes) << most;
  }
}

TEST(Parcel, AnEmptyOneIsOnePiece) {
  ParcelJoiner joiner;
  const auto pieces = cut_parcel("", 100);
  ASSERT_EQ(pieces.size(), 1u);
  EXPECT_EQ(joiner.add(pieces[0]), "");
}

TEST(Parcel, PiecesWithoutABeginningAreDropped) {
  ParcelJoiner joiner;
  const auto pieces = cut_parcel(std::string(100, 'x'), 40);
  EXPECT_EQ(joiner.add(pieces[1]), std::nullopt);
  EXPECT_EQ(joiner.add(pieces[2]), std::nullopt);
  EXPECT_EQ(joiner.add(""), std::nullopt);
  EXPECT_EQ(joiner.add("?" + std::string(1, '\x7f')), std::nullopt);
}

TEST(Parcel, ABeginningWithoutAnEndGivesWayToTheNext) {
  ParcelJoiner joiner;
  const auto broken = cut_parcel(std::string(100, 'x'), 40);
  EXPECT_EQ(joiner.add(broken[0]), std::nullopt);
  EXPECT_EQ(joiner.add(cut_parcel("whole", 40)[0]), "whole");
  EXPECT_EQ(joiner.add(broken[1]), std::nullopt);
}

TEST(Parcel, OfTooManyBytesIsNotKept) {
  ParcelJoiner joiner;
  const auto pieces = cut_parcel(std::string(ParcelJoiner::kMaxBytes + 2, 'x'), 1 << 20);
  for (const std::string& piece : pieces) EXPECT_EQ(joiner.add(piece), std::nullopt);
}

}  // namespace
}  // namespace stoa
