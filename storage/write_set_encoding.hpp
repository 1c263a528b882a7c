// A write set as bytes: compact and versioned; keys share what they have in common with the one before.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "storage/write_set.hpp"

namespace stoa {

// Equal sets give equal bytes.
std::string encode_write_set(const WriteSet& set);
// Appends them.
void encode_write_set(const WriteSet& set, std::string& out);
// At most so many they are.
size_t encoded_bytes(const WriteSet& set);
// An error when the bytes are damaged or of an unknown version.
Result<WriteSet> decode_write_set(std::string_view bytes);

}  // namespace stoa
