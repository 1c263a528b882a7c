// Reads one segment of the journal frame by frame.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "storage/disk.hpp"
#include "storage/journal_frame.hpp"

namespace stoa {

struct ScannedFrame {
  FrameHeader header;
  uint64_t offset = 0;
  std::string_view bytes;  // the whole frame, until the next call
};

class JournalScan {
 public:
  explicit JournalScan(const File& file) : file_(file) {}
  // The frame at this offset if it is valid; nullopt if there is none.
  Result<std::optional<ScannedFrame>> frame_at(uint64_t offset);
  // The first valid frame at or after this offset with such a turn or a later one (in this sequence, if one is given).
  Result<std::optional<ScannedFrame>> find(uint64_t offset, uint64_t turn, std::optional<uint64_t> sequence);

 private:
  Result<std::string_view> bytes(uint64_t offset, uint64_t count);

  const File& file_;
  std::string window_;
  uint64_t window_offset_ = 0;
};

}  // namespace stoa
