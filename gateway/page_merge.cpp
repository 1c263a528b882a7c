#include "gateway/page_merge.hpp"

#include <algorithm>
#include <tuple>

namespace stoa {
namespace {

constexpr int64_t kMostItems = 100;

}  // namespace

int64_t page_ask(int64_t limit) { return std::min(limit + 1, kMostItems); }

MergedPage merge_pages(std::vector<Page> parts, int64_t limit) {
  const auto most = static_cast<size_t>(limit);
  std::vector<PageItem> all;
  bool more = false;
  for (Page& part : parts) {
    // A shard that gave a full page of the largest size may hold more.
    more = more || (page_ask(limit) == limit && part.items.size() >= most);
    std::move(part.items.begin(), part.items.end(), std::back_inserter(all));
  }
  std::sort(all.begin(), all.end(),
            [](const PageItem& a, const PageItem& b) { return std::tie(a.sort, a.id) > std::tie(b.sort, b.id); });
  more = more || all.size() > most;
  if (all.size() > most) all.resize(most);
  MergedPage page;
  page.items = "[";
  for (const PageItem& item : all) {
    if (page.items.size() > 1) page.items += ',';
    page.items += item.body;
  }
  page.items += ']';
  if (more && !all.empty()) page.next = Position{all.back().sort, all.back().id};
  return page;
}

}  // namespace stoa
