#include "actors/runtime/parcel.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace stoa {
namespace {

// The last byte of a piece.
constexpr char kWhole = 0;
constexpr char kFirst = 1;
constexpr char kMiddle = 2;
constexpr char kLast = 3;

// What an item takes beside its longest part, about: a parcel is encoded without growing.
constexpr size_t kItemBytes = 48;
constexpr size_t kCallBytes = 320;

}  // namespace

std::string encode_parcel(const Parcel& parcel) {
  size_t bytes = 64;
  for (const RaftItem& item : parcel.raft) bytes += kItemBytes + item.message.size();
  for (const RequestItem& item : parcel.requests) bytes += kCallBytes + item.payload.size();
  for (const ReplyItem& item : parcel.replies) bytes += kCallBytes + item.reply.answer.body.size();
  for (const NoteItem& item : parcel.notes) bytes += kItemBytes + item.text.size();
  std::string out;
  out.reserve(bytes);
  encode_to(out, parcel);
  return out;
}

std::vector<std::string> cut_parcel(std::string bytes, size_t most) {
  STOA_CHECK(most > 1, "a piece holds something");
  const size_t room = most - 1;
  std::vector<std::string> pieces;
  if (bytes.size() <= room) {
    bytes += kWhole;
    pieces.push_back(std::move(bytes));
    return pieces;
  }
  for (size_t at = 0; at < bytes.size(); at += room) {
    std::string& piece = pieces.emplace_back(bytes, at, room);
    piece += at == 0 ? kFirst : bytes.size() - at <= room ? kLast : kMiddle;
  }
  return pieces;
}

std::optional<std::string> ParcelJoiner::add(std::string piece) {
  const char mark = piece.empty() ? kMiddle : piece.back();
  if (!piece.empty()) piece.pop_back();
  if (mark == kWhole) {
    clear();
    return piece;
  }
  if (mark == kFirst) {
    begun_ = true;
    bytes_ = std::move(piece);
    return std::nullopt;
  }
  if (!begun_ || piece.empty() || mark > kLast || bytes_.size() + piece.size() > kMaxBytes) {
    clear();
    return std::nullopt;
  }
  bytes_ += piece;
  if (mark == kMiddle) return std::nullopt;
  begun_ = false;
  return std::move(bytes_);
}

}  // namespace stoa
