// One shard's part of a list. The gateway merges the parts by (sort key, id) and signs the cursor.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/record.hpp"

namespace stoa {

struct PageItem {
  std::string sort;  // compared as bytes; the list is descending by (sort, id)
  std::string id;    // ties
  std::string body;  // the item as JSON
};
template <class V>
void fields(V& v, PageItem& x) {
  v(1, "sort", x.sort);
  v(2, "id", x.id);
  v(3, "body", x.body);
}

// Reply of a list query: at most `limit` items strictly below (after_sort, after_id) of its PageRequest, in order.
struct Page {
  std::vector<PageItem> items;
};
template <class V>
void fields(V& v, Page& x) {
  v(1, "items", x.items);
}

// Part of every list query.
struct PageRequest {
  int64_t limit = 20;      // 1-100
  std::string after_sort;  // both empty: from the beginning
  std::string after_id;
};
template <class V>
void fields(V& v, PageRequest& x) {
  v(1, "limit", x.limit);
  v(2, "after_sort", x.after_sort);
  v(3, "after_id", x.after_id);
}

}  // namespace stoa
