// An invariant of contract §5, checked over one shard's committed records. Records rise with time, so a check looks at
// the newest part: at what has changed since it looked last, and at what it found unsound or unsettled then.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "storage/reader.hpp"

namespace stoa {

// Above all ids: nothing has to be looked at again.
constexpr Uuid kSettled{~uint64_t{0}, ~uint64_t{0}};

struct InvariantCheck {
  std::string_view id;  // "I1"
  // Their keys begin with an id; a change of one means looking from that id on.
  std::vector<Table> tables;
  // Looks at all from the id `from` on and adds a sentence for each violation. Returns the first id at which to look
  // again though nothing changes there, kSettled if none.
  Uuid (*check)(const Reader& reader, Uuid from, std::vector<std::string>& violations) = nullptr;
};

// A check that looks at one record after the other: each(record) adds what is wrong with it.
template <class R, class F>
Uuid check_each(const Reader& reader, Uuid from, std::vector<std::string>& violations, F&& each) {
  Uuid again = kSettled;
  reader.scan_from<R>(from, [&](const R& record) {
    const size_t before = violations.size();
    each(record);
    if (violations.size() > before) again = std::min(again, record.key());
    return true;
  });
  return again;
}

}  // namespace stoa
