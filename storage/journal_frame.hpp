// The frames of the journal and the headers of its segments: how they are written, and whether bytes are one.
// The format is in docs/journal-format.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace stoa {

constexpr uint64_t kJournalBlock = 4096;  // headers and frames begin at its multiples
constexpr uint32_t kJournalVersion = 1;

struct SegmentHeader {
  uint64_t sequence = 0;  // from 1; never used again
  uint64_t kept = 0;      // the last turn kept before this segment: its first frame is turn kept + 1
};

// One block.
std::string encode_header(const SegmentHeader& header);
// nullopt: no valid header, so the segment is free. An error: a header of a version that this program does not know.
Result<std::optional<SegmentHeader>> decode_header(std::string_view block);

struct FrameHeader {
  uint64_t sequence = 0;  // of the segment it lies in
  uint64_t turn = 0;      // from 1, one more for each frame
  uint32_t length = 0;    // of the records, in bytes
};

constexpr size_t kFrameHeaderBytes = 32;

// How much of a segment a frame with this many bytes of records takes.
constexpr uint64_t frame_bytes(uint64_t length) {
  return (kFrameHeaderBytes + length + kJournalBlock - 1) / kJournalBlock * kJournalBlock;
}

// A frame is built in place: begin_frame leaves room for the header, records are appended, finish_frame fills it in.
void begin_frame(std::string& frame);
void finish_frame(std::string& frame, uint64_t sequence, uint64_t turn);

// What a block that may begin a frame says; nullopt if it does not look like one.
std::optional<FrameHeader> peek_frame(std::string_view block);
// Whether the checksum holds. REQUIRES that peek_frame accepted it and all frame_bytes(length) are there.
bool frame_is_valid(std::string_view frame, const FrameHeader& header);
inline std::string_view frame_records(std::string_view frame, const FrameHeader& header) {
  return frame.substr(kFrameHeaderBytes, header.length);
}

}  // namespace stoa
