#include "actors/runtime/parcel.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace stoa {
namespace {

// The first byte of a piece.
constexpr char kWhole = 0;
constexpr char kFirst = 1;
constexpr char kMiddle = 2;
constexpr char kLast = 3;

}  // namespace

std::vector<std::string> cut_parcel(const std::string& bytes, size_t most) {
  STOA_CHECK(most > 1, "a piece holds something");
  const size_t room = most - 1;
  std::vector<std::string> pieces;
  size_t at = 0;
  do {
    const size_t size = std::min(room, bytes.size() - at);
    const bool last = at + size == bytes.size();
    const char mark = at == 0 ? (last ? kWhole : kFirst) : (last ? kLast : kMiddle);
    std::string& piece = pieces.emplace_back(1, mark);
    piece.append(bytes, at, size);
    at += size;
  } while (at < bytes.size());
  return pieces;
}

std::optional<std::string> ParcelJoiner::add(std::string piece) {
  const char mark = piece.empty() ? kMiddle : piece[0];
  if (mark == kWhole) {
    clear();
    piece.erase(0, 1);
    return piece;
  }
  if (mark == kFirst) {
    begun_ = true;
    bytes_.assign(piece, 1);
    return std::nullopt;
  }
  if (!begun_ || piece.empty() || mark > kLast || bytes_.size() + piece.size() > kMaxBytes) {
    clear();
    return std::nullopt;
  }
  bytes_.append(piece, 1);
  if (mark == kMiddle) return std::nullopt;
  begun_ = false;
  return std::move(bytes_);
}

}  // namespace stoa
