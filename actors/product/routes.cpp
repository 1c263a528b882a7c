#include "actors/product/routes.hpp"

#include <utility>

#include "actors/product/listing.hpp"
#include "actors/product/rules.hpp"
#include "actors/service_number.hpp"
#include "base/json.hpp"

namespace stoa::product {
namespace {

Route route(Verb verb, std::string path, Access access, Route::Kind kind, std::string summary,
            std::function<Built(const RouteInput&)> build) {
  Route r;
  r.verb = verb;
  r.path = std::move(path);
  r.access = access;
  r.kind = kind;
  r.service = service_number::product;
  r.summary = std::move(summary);
  r.takes_body = verb == Verb::kPost || verb == Verb::kPatch;
  r.build = std::move(build);
  return r;
}

Built no_such_product() { return Built::refuse(kNotFound, "there is no such product"); }

// A command or query that is all said by the id in the path.
template <class C>
Built by_id(const RouteInput& in) {
  const auto id = ProductId::parse(in.path.at(0));
  if (!id) return no_such_product();
  C command;
  command.id = *id;
  return Built::at(id->slot(), std::move(command));
}

Built create(const RouteInput& in) {
  std::vector<FieldError> faults;
  auto command = from_json<CreateProduct>(*in.body, faults);
  if (faults.empty()) faults = faults_of(command);
  if (!faults.empty()) return Built::invalid(std::move(faults));
  const Slot slot = slot_of_sku(in.caller.user, command.sku);
  command.id = ProductId::mint(in.now, slot, *in.random);
  command.merchant_id = in.caller.user;
  command.stock = command.stock.value_or(0);  // said or not, it is the same command
  return Built::at(slot, std::move(command));
}

bool is_null(const nlohmann::json& body, const char* member) {
  const auto found = body.find(member);
  return found != body.end() && found->is_null();
}

// JSON merge patch (RFC 7396) of the fields that may change: null clears one that may be absent.
Built patch(const RouteInput& in) {
  const auto id = ProductId::parse(in.path.at(0));
  if (!id) return no_such_product();
  std::vector<FieldError> faults;
  auto command = from_json<PatchProduct>(*in.body, faults);
  if (faults.empty()) faults = faults_of(command);
  for (const char* member : {"name", "price"}) {
    if (in.body->is_object() && is_null(*in.body, member))
      faults.push_back({std::string("/") + member, "wrong_type", "must not be null"});
  }
  if (!faults.empty()) return Built::invalid(std::move(faults));
  if (in.if_match.empty()) return Built::refuse(kIfMatchMissing, "say with If-Match which version is changed");
  command.id = *id;
  command.if_match = in.if_match;
  command.clear_description = is_null(*in.body, "description");
  command.clear_category = is_null(*in.body, "category");
  command.set_attributes = in.body->contains("attributes");
  return Built::at(id->slot(), std::move(command));
}

Built remove(const RouteInput& in) {
  const auto id = ProductId::parse(in.path.at(0));
  if (!id) return no_such_product();
  return Built::at(id->slot(), DeleteProduct{*id, in.if_match});
}

Built adjust(const RouteInput& in) {
  const auto id = ProductId::parse(in.path.at(0));
  if (!id) return no_such_product();
  std::vector<FieldError> faults;
  auto command = from_json<AdjustStock>(*in.body, faults);
  if (faults.empty()) faults = faults_of(command);
  if (!faults.empty()) return Built::invalid(std::move(faults));
  command.id = *id;
  return Built::at(id->slot(), std::move(command));
}

// Nobody's id, as the nil id is. The query would take that for "any merchant".
const UserId kNobody{Uuid{0, 1}};

Built list(const RouteInput& in) {
  std::vector<FieldError> faults;
  ListProducts query;
  query.page = in.page;
  const auto given = [&](const char* name) {
    const auto found = in.query.find(name);
    return found == in.query.end() ? std::string() : found->second;
  };
  query.words = given("q");
  record::check_length(query.words, within(0, 200), "/q", faults);
  query.category = given("category");
  record::check_length(query.category, within(0, 100), "/category", faults);
  if (in.query.count("merchant") != 0) {
    if (const auto merchant = UserId::parse(given("merchant")))
      query.merchant_id = merchant->is_nil() ? kNobody : *merchant;
    else
      record::invalid("/merchant", "is not the id of a user", faults);
  }
  if (in.query.count("sort") != 0) {
    if (const auto sort = value_named<ProductSort>(given("sort")))
      query.sort = *sort;
    else
      record::invalid("/sort", "is none of created_at, price, name, with or without a leading -", faults);
  }
  if (!faults.empty()) return Built::invalid(std::move(faults));
  return Built::at(0, std::move(query));
}

}  // namespace

std::vector<Route> make_routes() {
  using Kind = Route::Kind;
  std::vector<Route> routes;
  Route& creation = routes.emplace_back(
      route(Verb::kPost, "/v1/products", Access::kMerchant, Kind::kCommand, "Create a product", create));
  creation.place_by_body = true;
  creation.location = "/v1/products/{id}";
  Route& listing = routes.emplace_back(
      route(Verb::kGet, "/v1/products", Access::kAnyone, Kind::kList, "List and search products", list));
  listing.all_shards = true;
  listing.query_names = {"q", "category", "merchant", "sort"};
  routes.push_back(
      route(Verb::kGet, "/v1/products/{id}", Access::kAnyone, Kind::kQuery, "Read a product", by_id<GetProduct>));
  routes.push_back(route(Verb::kPatch, "/v1/products/{id}", Access::kMerchant, Kind::kCommand,
                         "Change a product (If-Match required)", patch));
  routes.push_back(
      route(Verb::kDelete, "/v1/products/{id}", Access::kMerchant, Kind::kCommand, "Delete a product", remove));
  routes.push_back(route(Verb::kGet, "/v1/products/{id}/stock", Access::kMerchant, Kind::kQuery,
                         "Read the stock of a product", by_id<GetStock>));
  routes.push_back(route(Verb::kPost, "/v1/products/{id}/stock/adjustments", Access::kMerchant, Kind::kCommand,
                         "Add pieces to the stock, or take some out", adjust));
  return routes;
}

}  // namespace stoa::product
