// A text made small for keeping, and given back byte for byte: LZ4 over a dictionary of what answers repeat.
// A recorded answer is copied to every replica's journal, state and tables, so three quarters of its bytes saved are
// worth the microsecond that packing takes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace stoa {

// Of any text; what does not repeat itself may come out a little longer.
std::string pack_text(std::string_view text);
// nullopt: not what pack_text() of this or an earlier program made.
std::optional<std::string> unpack_text(std::string_view packed);

}  // namespace stoa
