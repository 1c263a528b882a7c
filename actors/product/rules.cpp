#include "actors/product/rules.hpp"

#include <optional>
#include <tuple>
#include <utility>

#include "actors/product/views.hpp"

namespace stoa::product {
namespace {

using Attributes = std::map<std::string, std::string>;

constexpr Within kKeyLength = within(1, 64);
constexpr Within kValueLength = within(0, 500);

bool sells(const Caller& caller) {
  return caller.is(UserRole::kMerchant) || caller.is(UserRole::kAdmin) || caller.is(UserRole::kService);
}

// A member's name inside a JSON pointer (RFC 6901).
std::string escaped(const std::string& name) {
  std::string out;
  for (const char c : name) {
    if (c == '~')
      out += "~0";
    else if (c == '/')
      out += "~1";
    else
      out += c;
  }
  return out;
}

void check_attributes(const Attributes& attributes, std::vector<FieldError>& faults) {
  for (const auto& [key, value] : attributes) {
    const std::string pointer = "/attributes/" + escaped(key);
    record::check_length(key, kKeyLength, pointer, faults);
    record::check_length(value, kValueLength, pointer, faults);
  }
}

bool is_visible_ascii(const std::string& text) {
  for (const char c : text) {
    if (c < '!' || c > '~') return false;
  }
  return true;
}

void apply_patch(const PatchProduct& patch, ProductRecord& product) {
  if (patch.name) product.name = *patch.name;
  if (patch.description) product.description = patch.description;
  if (patch.clear_description) product.description.reset();
  if (patch.price) product.price = *patch.price;
  if (patch.category) product.category = patch.category;
  if (patch.clear_category) product.category.reset();
  if (patch.set_attributes) product.attributes = patch.attributes;
}

Outcome stale(const ProductRecord& product) {
  return refuse(kStaleVersion, "the product has changed: it is at version " + std::to_string(product.version));
}

Outcome created_product(ProductRecord product, const StockRecord& stock) {
  std::string id = product.id.text(), tag = tag_of(product, stock);
  return created(view_of(std::move(product), stock)).at(std::move(id)).tagged(std::move(tag));
}

}  // namespace

std::vector<FieldError> faults_of(const CreateProduct& command) {
  std::vector<FieldError> faults;
  if (!is_visible_ascii(command.sku)) faults.push_back({"/sku", "invalid_value", "must be visible ASCII characters"});
  check_attributes(command.attributes, faults);
  return faults;
}

std::vector<FieldError> faults_of(const PatchProduct& command) {
  std::vector<FieldError> faults;
  check_attributes(command.attributes, faults);
  return faults;
}

Outcome create_product(const CreateProduct& command, const Call& call, Transaction& tx) {
  const Caller& by = call.caller;
  if (!sells(by) || (!by.is(UserRole::kService) && by.user != command.merchant_id))
    return refuse(kForbidden, "only merchants create products, each their own");
  if (auto faults = faults_of(command); !faults.empty())
    return refuse(kValidationFailed, "the product is not valid", std::move(faults));
  // The id is minted once for each call: one that is there is this very call, come again.
  if (auto there = tx.find<ProductRecord>(command.id))
    return created_product(std::move(*there), stock_of(command.id, tx));
  if (tx.find<SkuRecord>(std::tuple(command.merchant_id, command.sku)))
    return refuse(kSkuTaken, "another product of this merchant has the SKU " + command.sku);

  ProductRecord product;
  product.id = command.id;
  product.merchant_id = command.merchant_id;
  product.sku = command.sku;
  product.name = command.name;
  product.description = command.description;
  product.price = command.price;
  product.category = command.category;
  product.attributes = command.attributes;
  product.created_at = product.updated_at = command.id.uuid.time();
  StockRecord stock;
  stock.product_id = command.id;
  stock.initial = stock.on_hand = command.stock.value_or(0);
  tx.put(product);
  tx.put(SkuRecord{command.merchant_id, command.sku, command.id});
  tx.put(stock);
  return created_product(std::move(product), stock);
}

Managed managed_product(ProductId id, const Call& call, const Reader& reader) {
  const Caller& by = call.caller;
  if (!sells(by)) return {std::nullopt, refuse(kForbidden, "only merchants manage products")};
  auto product = reader.find<ProductRecord>(id);
  const bool owns = product && (by.user == product->merchant_id || !by.is(UserRole::kMerchant));
  if (!product || product->deleted || !owns) return {std::nullopt, refuse(kNotFound, "there is no such product")};
  return {std::move(product), {}};
}

Outcome patch_product(const PatchProduct& command, const Call& call, Transaction& tx) {
  auto [product, refusal] = managed_product(command.id, call, tx);
  if (!product) return std::move(refusal);
  if (auto faults = faults_of(command); !faults.empty())
    return refuse(kValidationFailed, "the change is not valid", std::move(faults));
  if (command.if_match.empty()) return refuse(kIfMatchMissing, "say with If-Match which version is changed");
  if (!matches(command.if_match, *product)) return stale(*product);
  apply_patch(command, *product);
  product->version += 1;
  product->updated_at = tx.now();
  tx.put(*product);
  const StockRecord stock = stock_of(command.id, tx);
  std::string tag = tag_of(*product, stock);
  return ok(view_of(std::move(*product), stock)).tagged(std::move(tag));
}

Outcome delete_product(const DeleteProduct& command, const Call& call, Transaction& tx) {
  auto [product, refusal] = managed_product(command.id, call, tx);
  if (!product) return std::move(refusal);
  if (!command.if_match.empty() && !matches(command.if_match, *product)) return stale(*product);
  product->deleted = true;
  product->version += 1;
  product->updated_at = tx.now();
  tx.put(*product);
  tx.erase<SkuRecord>(std::tuple(product->merchant_id, product->sku));
  return no_content();
}

Outcome get_product(const GetProduct& query, const Call&, const Reader& reader) {
  auto product = reader.find<ProductRecord>(query.id);
  if (!product || product->deleted) return refuse(kNotFound, "there is no such product");
  const StockRecord stock = stock_of(query.id, reader);
  std::string tag = tag_of(*product, stock);
  return ok(view_of(std::move(*product), stock)).tagged(std::move(tag));
}

}  // namespace stoa::product
