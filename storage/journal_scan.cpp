#include "storage/journal_scan.hpp"

#include <algorithm>

namespace stoa {
namespace {

constexpr uint64_t kWindow = 1 << 20;

}  // namespace

Result<std::string_view> JournalScan::bytes(uint64_t offset, uint64_t count) {
  if (offset < window_offset_ || offset + count > window_offset_ + window_.size()) {
    Result<std::string> read = file_.read(offset, std::min(std::max(count, kWindow), file_.size() - offset));
    if (!read) return read.error();
    window_ = std::move(*read);
    window_offset_ = offset;
  }
  return std::string_view(window_).substr(offset - window_offset_, count);
}

Result<std::optional<ScannedFrame>> JournalScan::frame_at(uint64_t offset) {
  std::optional<ScannedFrame> none;
  if (offset + kJournalBlock > file_.size()) return none;
  const auto block = bytes(offset, kJournalBlock);
  if (!block) return block.error();
  const auto header = peek_frame(*block);
  if (!header || offset + frame_bytes(header->length) > file_.size()) return none;
  const auto whole = bytes(offset, frame_bytes(header->length));
  if (!whole) return whole.error();
  if (!frame_is_valid(*whole, *header)) return none;
  return std::optional<ScannedFrame>({*header, offset, *whole});
}

Result<std::optional<ScannedFrame>> JournalScan::find(uint64_t offset, uint64_t turn,
                                                      std::optional<uint64_t> sequence) {
  for (; offset < file_.size(); offset += kJournalBlock) {
    auto frame = frame_at(offset);
    if (!frame) return frame;
    if (!*frame) continue;
    const FrameHeader& header = (*frame)->header;
    if (header.turn >= turn && (!sequence || header.sequence == *sequence)) return frame;
  }
  return std::optional<ScannedFrame>();
}

}  // namespace stoa
