#include "storage/journal_frame.hpp"

#include "base/crc32c.hpp"
#include "storage/little_endian.hpp"

namespace stoa {
namespace {

constexpr std::string_view kSegmentMagic("STOAJRNL", 8);
constexpr size_t kHeaderBytes = 28;           // before its checksum
constexpr uint32_t kFrameMagic = 0x4e525554;  // "TURN"
constexpr size_t kChecked = 8;                // a frame's checksum begins after magic and checksum

}  // namespace

std::string encode_header(const SegmentHeader& header) {
  std::string out(kSegmentMagic);
  put_number(out, kJournalVersion);
  put_number(out, header.sequence);
  put_number(out, header.kept);
  put_number(out, crc32c(out));
  out.resize(kJournalBlock, '\0');
  return out;
}

Result<std::optional<SegmentHeader>> decode_header(std::string_view block) {
  NumberReader in(block);
  const std::string_view magic = in.bytes(kSegmentMagic.size());
  const auto version = in.number<uint32_t>();
  SegmentHeader header;
  header.sequence = in.number<uint64_t>();
  header.kept = in.number<uint64_t>();
  const auto checksum = in.number<uint32_t>();
  if (!in.ok() || magic != kSegmentMagic || checksum != crc32c(block.substr(0, kHeaderBytes))) {
    return std::optional<SegmentHeader>();
  }
  if (version != kJournalVersion) {
    return Error{"it has format version " + std::to_string(version) + "; this program knows version " +
                 std::to_string(kJournalVersion)};
  }
  return std::optional<SegmentHeader>(header);
}

void begin_frame(std::string& frame) { frame.assign(kFrameHeaderBytes, '\0'); }

void finish_frame(std::string& frame, uint64_t sequence, uint64_t turn) {
  const size_t length = frame.size() - kFrameHeaderBytes;
  set_number(frame, 0, kFrameMagic);
  set_number(frame, 8, sequence);
  set_number(frame, 16, turn);
  set_number(frame, 24, static_cast<uint32_t>(length));
  set_number(frame, 28, uint32_t{0});
  set_number(frame, 4, crc32c(std::string_view(frame).substr(kChecked)));
  frame.resize(frame_bytes(length), '\0');
}

std::optional<FrameHeader> peek_frame(std::string_view block) {
  NumberReader in(block);
  FrameHeader header;
  const auto magic = in.number<uint32_t>();
  in.number<uint32_t>();  // the checksum
  header.sequence = in.number<uint64_t>();
  header.turn = in.number<uint64_t>();
  header.length = in.number<uint32_t>();
  if (!in.ok() || magic != kFrameMagic) return std::nullopt;
  return header;
}

bool frame_is_valid(std::string_view frame, const FrameHeader& header) {
  const auto checksum = NumberReader(frame.substr(4)).number<uint32_t>();
  return checksum == crc32c(frame.substr(kChecked, kFrameHeaderBytes - kChecked + header.length));
}

}  // namespace stoa
