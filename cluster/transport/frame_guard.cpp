#include "cluster/transport/frame_guard.hpp"

#include <algorithm>
#include <cstring>

namespace stoa {
namespace {

enum Operation : uint8_t { kServerHandshake, kClientHandshake, kDirect, kRouted, kMonitor, kDown, kHeartbeat };

// A client repeats its handshake once, to choose the connection.
constexpr int kMaxClientHandshakes = 2;

uint64_t big_endian(const unsigned char* at, int bytes) {
  uint64_t value = 0;
  for (int i = 0; i < bytes; ++i) value = value << 8 | at[i];
  return value;
}

}  // namespace

const char* FrameGuard::look(const char* data, size_t size) {
  if (!admitted_ && (stranger_bytes_ += size) > kMaxStrangerBytes) return "it sends too much before it is admitted";
  while (size > 0) {
    if (payload_left_ > 0) {
      const auto skipped = static_cast<uint32_t>(std::min<size_t>(size, payload_left_));
      payload_left_ -= skipped;
      data += skipped;
      size -= skipped;
    } else {
      const size_t taken = std::min(size, kHeaderBytes - header_bytes_);
      std::memcpy(header_.data() + header_bytes_, data, taken);
      header_bytes_ += taken;
      data += taken;
      size -= taken;
      if (header_[0] > kHeartbeat) return "what came is no frame of ours";
      if (header_bytes_ < kHeaderBytes) return nullptr;
      header_bytes_ = 0;
      if (const char* fault = judge()) return fault;
    }
    if (payload_left_ == 0) proven_ = true;
  }
  return nullptr;
}

const char* FrameGuard::judge() {
  const uint8_t operation = header_[0];
  const auto length = static_cast<uint32_t>(big_endian(header_.data() + 4, 4));
  const uint64_t data = big_endian(header_.data() + 8, 8);
  if (length > kMaxPayloadBytes) return "a frame is too large";
  if ((operation == kHeartbeat) != (length == 0)) return "a frame has a wrong length";
  const bool handshake = operation == kServerHandshake || operation == kClientHandshake;
  if (handshake) {
    const bool ours = operation == (end_ == End::kAccepted ? kClientHandshake : kServerHandshake);
    const int most = end_ == End::kAccepted ? kMaxClientHandshakes : 1;
    if (!ours || ++handshakes_ > most) return "a handshake is out of place";
  } else if (handshakes_ == 0) {
    return "the first frame is no handshake";
  }
  if (!proven_ && length > kMaxFirstPayloadBytes) return "a handshake is too large";
  if (!admitted_ && length > kMaxFirstPayloadBytes) return "a stranger's frame is too large";
  // Every node is connected to every other: nothing is ever routed, and nobody may make us forward.
  if (operation == kRouted) return "a frame asks to be forwarded";
  // The message id: two bits of priority below the flags, of which CAF knows two values.
  if (operation == kDirect && (data >> 60 & 3) > 1) return "a frame has an impossible message id";
  payload_left_ = length;
  return nullptr;
}

}  // namespace stoa
