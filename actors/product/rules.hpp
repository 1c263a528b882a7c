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

// The shard's own timer on all its reservations: see sweep_reservations().
struct SweepReservations {
  static constexpr std::string_view kName = "SweepReservations";
};
template <class V>
void fields(V&, SweepReservations&) {}

// The shard's own timer on a reservation that is overdue: tells so again and again while it is held.
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
constexpr int64_t kOldestReserve_ms = 30 * 60'000;  // of an order's id; older ones were forgotten, maybe released
// Ages of an order's id. Expected: a reservation that is held for so long is overdue or soon will be. Forgotten: one
// that has ended, an hour and more after it could have begun.
constexpr int64_t kExpectedEnd_ms = 17 * 60'000;
constexpr int64_t kForgotten_ms = 95 * 60'000;
constexpr int64_t kSweepEvery_ms = 60'000;
constexpr size_t kSweepAtMost = 2000;  // reservations; where more are due the next sweep comes soon
constexpr int64_t kSweepSoon_ms = 1'000;

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
// One timer looks after all reservations of a shard, so that the usual one, ended within seconds, costs none of its
// own. Orders' ids rise with time: each reservation is looked at once when it should have ended, and gets its own timer
// if it has not, and once more to be forgotten.
Outcome sweep_reservations(const SweepReservations& command, const Call& call, Transaction& tx);

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
