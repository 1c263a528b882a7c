#include "actors/product/listing.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/product/rules.hpp"
#include "actors/product/views.hpp"

namespace stoa::product {
namespace {

std::string lowered(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  size_t at = 0;
  while ((at = text.find_first_not_of(" \t\r\n", at)) != std::string::npos) {
    const size_t end = std::min(text.find_first_of(" \t\r\n", at), text.size());
    words.push_back(lowered(text.substr(at, end - at)));
    at = end;
  }
  return words;
}

bool has_words(const ProductRecord& product, const std::vector<std::string>& words) {
  if (words.empty()) return true;
  const std::string text = lowered(product.name + '\n' + product.description.value_or("") + '\n' + product.sku);
  return std::all_of(words.begin(), words.end(), [&](const auto& w) { return text.find(w) != std::string::npos; });
}

// Nineteen digits: the order of the texts is the order of the numbers.
std::string padded(int64_t number) {
  std::string digits = std::to_string(number);
  return digits.insert(0, 19 - digits.size(), '0');
}

// Pages fall by the bytes of `sort`; what is to rise is turned round, byte for byte, and ended by the highest byte so
// that a shorter name still comes before a longer one. As hex digits: a cursor is text.
std::string name_key(const std::string& name, bool rising) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string key;
  for (const char c : lowered(name)) {
    const auto byte = static_cast<unsigned char>(rising ? ~c : c);
    key += kDigits[byte >> 4];
    key += kDigits[byte & 15];
  }
  return rising ? key + "ff" : key;
}

std::string sort_key(const ProductRecord& product, ProductSort sort) {
  constexpr int64_t kAbove = 1'000'000'000'000'000'000;  // above any time or amount
  switch (sort) {
    case ProductSort::kNewest:
      return padded(product.created_at.ms);
    case ProductSort::kOldest:
      return padded(kAbove - product.created_at.ms);
    case ProductSort::kCheapest:
      return padded(kAbove - product.price.amount);
    case ProductSort::kDearest:
      return padded(product.price.amount);
    case ProductSort::kNameRising:
    case ProductSort::kNameFalling:
      return name_key(product.name, sort == ProductSort::kNameRising);
  }
  return {};
}

struct Listed {
  std::string sort;
  ProductRecord product;
};

bool comes_first(const Listed& a, const Listed& b) {
  return a.sort != b.sort ? a.sort > b.sort : b.product.id < a.product.id;
}

bool is_wanted(const ProductRecord& product, const ListProducts& query, const std::vector<std::string>& words) {
  return !product.deleted && (query.category.empty() || product.category == query.category) &&
         (query.merchant_id.is_nil() || product.merchant_id == query.merchant_id) && has_words(product, words);
}

// Ids rise with time, so newest first is the table read backwards, no further than the page goes.
std::vector<Listed> newest(const ListProducts& query, std::optional<ProductId> below, const Reader& reader) {
  const auto words = words_of(query.words);
  std::vector<Listed> found;
  const auto each = [&](ProductRecord product) {
    if (is_wanted(product, query, words)) found.push_back({sort_key(product, query.sort), std::move(product)});
    return static_cast<int64_t>(found.size()) < query.page.limit;
  };
  if (below)
    reader.scan_after<ProductRecord>(std::tuple<>(), *below, true, each);
  else
    reader.scan<ProductRecord>(std::tuple<>(), true, each);
  return found;
}

std::vector<Listed> sorted(const ListProducts& query, std::optional<ProductId> below, const Reader& reader) {
  const auto words = words_of(query.words);
  std::vector<Listed> found;
  reader.scan<ProductRecord>(std::tuple<>(), true, [&](ProductRecord product) {
    if (!is_wanted(product, query, words)) return true;
    Listed listed{sort_key(product, query.sort), std::move(product)};
    const bool beyond = !below || listed.sort < query.page.after_sort ||
                        (listed.sort == query.page.after_sort && listed.product.id < *below);
    if (beyond) found.push_back(std::move(listed));
    return true;
  });
  const size_t count = std::min(found.size(), static_cast<size_t>(query.page.limit));
  std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(count), found.end(), comes_first);
  found.resize(count);
  return found;
}

}  // namespace

Outcome list_products(const ListProducts& query, const Call&, const Reader& reader) {
  std::optional<ProductId> below;
  if (!query.page.after_id.empty()) below = ProductId::parse(query.page.after_id);
  if (query.page.limit < 1 || (!query.page.after_id.empty() && !below))
    return refuse(kValidationFailed, "the page is not valid");
  const bool by_id = query.sort == ProductSort::kNewest;
  Page page;
  for (Listed& l : by_id ? newest(query, below, reader) : sorted(query, below, reader)) {
    std::string id = l.product.id.text();
    const StockRecord stock = stock_of(l.product.id, reader);
    page.items.push_back({std::move(l.sort), std::move(id), to_json(view_of(std::move(l.product), stock))});
  }
  return reply(page);
}

}  // namespace stoa::product
