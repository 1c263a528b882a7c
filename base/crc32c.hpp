// CRC-32C (Castagnoli; RFC 3720 appendix B.4): finds torn and damaged bytes. No defence against an adversary.
#pragma once

#include <cstdint>
#include <string_view>

namespace stoa {

// The checksum of data, or of what `crc` was the checksum of followed by data. By the processor where it can.
uint32_t crc32c(std::string_view data, uint32_t crc = 0);

// The same without the processor's instruction; for machines that lack it.
uint32_t crc32c_by_table(std::string_view data, uint32_t crc = 0);

}  // namespace stoa
