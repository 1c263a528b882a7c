// Stands between the network and CAF's parser of frames, which trusts what it reads: looks at the 32-byte header of
// every BASP frame and lets nothing through that makes that parser crash, allocate without bound or forward.
//
// A header is big-endian: operation (u8) at 0, length of the payload (u32) at 4, operation data (u64) at 8, the sending
// and the receiving actor behind (caf/io/basp/header.hpp of CAF 0.17.6).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace stoa {

class FrameGuard {
 public:
  static constexpr size_t kHeaderBytes = 32;
  static constexpr uint32_t kMaxPayloadBytes = 16 << 20;
  // A handshake names a node and an interface, and a greeting says who it is. Whoever was not admitted may not make us
  // hold more, and may send no more than that in all.
  static constexpr uint32_t kMaxFirstPayloadBytes = 64 << 10;
  static constexpr size_t kMaxStrangerBytes = 128 << 10;

  // Which end of the connection we are. The one who accepted may be sent other frames than the one who dialed.
  enum class End : uint8_t { kAccepted, kDialed };
  explicit FrameGuard(End end) : end_(end), admitted_(end == End::kDialed) {}

  // The node at the other end is let in. Whoever dialed knows whom he asked.
  void admit() { admitted_ = true; }

  // Looks at the next bytes of the stream. Not nullptr: what is wrong with them (static text); they must not reach the
  // parser, and the guard is of no use any more.
  const char* look(const char* data, size_t size);

  // The first frame, a handshake, has come whole.
  bool proven() const { return proven_; }

 private:
  const char* judge();

  const End end_;
  std::array<unsigned char, kHeaderBytes> header_{};
  size_t header_bytes_ = 0;
  uint32_t payload_left_ = 0;
  size_t stranger_bytes_ = 0;
  int handshakes_ = 0;
  bool proven_ = false;
  bool admitted_;
};

}  // namespace stoa
