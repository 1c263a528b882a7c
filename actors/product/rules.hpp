// The business of the product service: functions of a command, its caller and what is stored. Those of a client's
// commands first, then those that the order saga and the shard's own timers ask for.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "actors/product/records.hpp"
#include "actors/product/types.hpp"
#include "base/call.hpp"
#include "base/outcome.hpp"
#include "storage/transaction.hpp"

namespace stoa {

// The shard's own timer on a reservation: tells that it is overdue while it is held, forgets it an hour after its end.
struct ReservationDue {
  static constexpr std::string_view kName = "ReservationDue";
  OrderId order_id;
};
template <class V>
void fields(V& v, ReservationDue& x) {
  v(1, "order_id", x.order_id);
}

namespace product {

constexpr int64_t kOverdueGrace_ms = 10'000;        // past expires_at, before the order is told
constexpr int64_t kOverdueRepeat_ms = 60'000;       // then every
constexpr int64_t kEndedKept_ms = 3'600'000;        // a reservation after its end
constexpr int64_t kOldestReserve_ms = 30 * 60'000;  // of an order's id; older ones were forgotten, maybe released

// What the types of the fields do not say of a client's document: the letters of a SKU, the sizes of attributes.
std::vector<FieldError> faults_of(const CreateProduct& command);
std::vector<FieldError> faults_of(const PatchProduct& command);
std::vector<FieldError> faults_of(const AdjustStock& command);

// 201 the product. A merchant's second product with one SKU: sku_taken.
Outcome create_product(const CreateProduct& command, const Call& call, Transaction& tx);
// 200 the product. Someone else's and deleted ones: not_found; another version: stale_version.
Outcome patch_product(const PatchProduct& command, const Call& call, Transaction& tx);
Outcome delete_product(const DeleteProduct& command, const Call& call, Transaction& tx);
// 201 the stock. Below what is reserved: out_of_stock; above kMaxStock on hand: validation_failed.
Outcome adjust_stock(const AdjustStock& command, const Call& call, Transaction& tx);

Outcome get_product(const GetProduct& query, const Call& call, const Reader& reader);
Outcome get_stock(const GetStock& query, const Call& call, const Reader& reader);

// See types.hpp. Other callers than services are forbidden.
Outcome reserve_stock(const ReserveStock& command, const Call& call, Transaction& tx);
Outcome commit_reservation(const CommitReservation& command, const Call& call, Transaction& tx);
Outcome release_reservation(const ReleaseReservation& command, const Call& call, Transaction& tx);
Outcome return_stock(const ReturnStock& command, const Call& call, Transaction& tx);
Outcome reservation_due(const ReservationDue& command, const Call& call, Transaction& tx);

// The product if the caller may manage it; otherwise why not, as an outcome. Merchants manage their own, admins all.
struct Managed {
  std::optional<ProductRecord> product;
  Outcome refusal;  // when there is no product
};
Managed managed_product(ProductId id, const Call& call, const Reader& reader);

// The stock of a product that is there. REQUIRES that the product is.
StockRecord stock_of(ProductId id, const Reader& reader);

}  // namespace product
}  // namespace stoa
