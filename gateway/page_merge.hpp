// The parts of a list, one per shard, merged: descending by (sort, id), cut to the limit.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "actors/runtime/page.hpp"
#include "gateway/cursor.hpp"

namespace stoa {

// How many items to ask each shard for, so that it shows whether there are more than `limit`.
int64_t page_ask(int64_t limit);

struct MergedPage {
  std::string items;             // JSON array
  std::optional<Position> next;  // of the last item, when there is more
};
MergedPage merge_pages(std::vector<Page> parts, int64_t limit);

}  // namespace stoa
