// What nodes say to each other on the wire, as a test makes it up or has recorded it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace stoa::test {

// Of a frame of BASP, to and from no actor.
std::string header(uint8_t operation, uint32_t length, uint64_t data = 0);
// What a real node sends to another: handshakes, CAF's own questions, a greeting, heartbeats, three parcels ("parcel 0"
// to "parcel 2").
std::string conversation();
// Where its frames begin.
std::vector<size_t> frames_of(const std::string& bytes);
// Blocks; gives up when the other end has closed.
void write_all(int socket, const std::string& bytes);

// Of this process, without what it has freed.
int64_t resident_bytes();

}  // namespace stoa::test
