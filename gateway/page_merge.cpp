#include "gateway/page_merge.hpp"

#include <algorithm>
#include <tuple>

namespace stoa {

int64_t page_ask(int64_t limit) { return limit + 1; }

MergedPage merge_pages(std::vector<Page> parts, int64_t limit) {
  const auto most = static_cast<size_t>(limit);
  std::vector<PageItem> all;
  for (Page& part : parts) std::move(part.items.begin(), part.items.end(), std::back_inserter(all));
  std::sort(all.begin(), all.end(),
            [](const PageItem& a, const PageItem& b) { return std::tie(a.sort, a.id) > std::tie(b.sort, b.id); });
  const bool more = all.size() > most;
  if (more) all.resize(most);
  MergedPage page;
  page.items = "[";
  for (const PageItem& item : all) {
    if (page.items.size() > 1) page.items += ',';
    page.items += item.body;
  }
  page.items += ']';
  if (more) page.next = Position{all.back().sort, all.back().id};
  return page;
}

}  // namespace stoa
