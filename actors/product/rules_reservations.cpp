#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "actors/product/rules.hpp"

namespace stoa::product {
namespace {

std::string pointer_to(const StockLine& line) { return "/lines/" + std::to_string(line.line); }

std::optional<Outcome> refused_caller(const Call& call) {
  if (call.caller.is(UserRole::kService)) return std::nullopt;
  return refuse(kForbidden, "only orders move stock");
}

// Lines that no order may carry: no pieces, too many, or a product twice.
std::vector<FieldError> faults_of(const std::vector<StockLine>& lines) {
  std::vector<FieldError> faults;
  std::set<ProductId> seen;
  for (const StockLine& line : lines) {
    record::check_value(line.quantity, within(1, kMaxStock), pointer_to(line) + "/quantity", faults);
    if (!seen.insert(line.product_id).second)
      faults.push_back({pointer_to(line) + "/product_id", "duplicate", "stands in an earlier line"});
  }
  if (lines.empty()) faults.push_back({"/lines", "too_short", "must have at least 1 item"});
  return faults;
}

// What a reservation is made of, or why it cannot be.
struct Looked {
  std::vector<ReservedLine> lines;
  std::vector<StockRecord> stocks;  // of the same lines, reserved already
  std::vector<FieldError> unknown;
  std::vector<FieldError> short_of;
};

Looked look_up(const std::vector<StockLine>& lines, const Reader& reader) {
  Looked looked;
  for (const StockLine& line : lines) {
    auto product = reader.find<ProductRecord>(line.product_id);
    if (!product || product->deleted) {
      looked.unknown.push_back({pointer_to(line), "unknown_product", "there is no product " + line.product_id.text()});
      continue;
    }
    StockRecord stock = stock_of(line.product_id, reader);
    if (line.quantity > stock.available()) {
      looked.short_of.push_back(
          {pointer_to(line), "out_of_stock",
           std::to_string(line.quantity) + " wanted, " + std::to_string(stock.available()) + " available"});
      continue;
    }
    stock.reserved += line.quantity;
    stock.version += 1;
    looked.stocks.push_back(std::move(stock));
    looked.lines.push_back({line.line, line.product_id, product->merchant_id, std::move(product->sku),
                            std::move(product->name), std::move(product->price), line.quantity});
  }
  return looked;
}

// Takes what a reservation holds out of `reserved`, and out of the stock when it is sold.
void let_go(const ReservationRecord& reservation, bool sold, Transaction& tx) {
  for (const ReservedLine& line : reservation.lines) {
    StockRecord stock = stock_of(line.product_id, tx);
    stock.reserved -= line.quantity;
    if (sold) {
      stock.on_hand -= line.quantity;
      stock.committed += line.quantity;
    }
    stock.version += 1;
    STOA_CHECK(stock.reserved >= 0 && stock.on_hand >= stock.reserved, "what is held is on hand");
    tx.put(stock);
  }
}

void end_reservation(ReservationRecord reservation, ReservationState how, Transaction& tx) {
  if (reservation.state == ReservationState::kHeld) let_go(reservation, how == ReservationState::kCommitted, tx);
  reservation.state = how;
  tx.put(reservation);
}

bool age_reached(OrderId order, int64_t age_ms, const Transaction& tx) {
  return after(order.uuid.time(), age_ms) <= tx.now();
}

void set_own_timer(const ReservationRecord& reservation, Transaction& tx) {
  const Time expires = std::max(reservation.expires_at, tx.now());
  tx.set_timer(after(expires, kOverdueGrace_ms), reservation.order_id.uuid.bytes(),
               ReservationDue{reservation.order_id});
}

// Sees to it that a sweep comes by a reservation that was just made.
void look_after(const ReservationRecord& reservation, Transaction& tx) {
  if (!tx.find<SweepRecord>(std::tuple<>())) {
    tx.put(SweepRecord{});
    tx.set_timer(after(tx.now(), kSweepEvery_ms), {}, SweepReservations{});
  }
  const bool missed = age_reached(reservation.order_id, kExpectedEnd_ms - kSweepEvery_ms, tx);
  if (missed && reservation.state == ReservationState::kHeld) set_own_timer(reservation, tx);
}

// Gives each that is still held a timer of its own. Returns whether all that should have ended were looked at.
bool sweep_held(SweepRecord& sweep, Transaction& tx) {
  std::vector<ReservationRecord> held;
  size_t looked = 0;
  tx.scan_after<ReservationRecord>(std::tuple<>(), sweep.looked_at, false, [&](const ReservationRecord& r) {
    if (!age_reached(r.order_id, kExpectedEnd_ms, tx)) return false;
    sweep.looked_at = r.order_id;
    if (r.state == ReservationState::kHeld) held.push_back(r);
    return ++looked < kSweepAtMost;
  });
  for (const ReservationRecord& r : held) set_own_timer(r, tx);
  return looked < kSweepAtMost;
}

// Erases those that ended long ago. Returns whether all were. One that is held longer is erased by its own timer.
bool sweep_ended(SweepRecord& sweep, Transaction& tx) {
  std::vector<OrderId> ended;
  size_t looked = 0;
  tx.scan_after<ReservationRecord>(std::tuple<>(), sweep.forgotten, false, [&](const ReservationRecord& r) {
    if (!age_reached(r.order_id, kForgotten_ms, tx)) return false;
    sweep.forgotten = r.order_id;
    if (r.state != ReservationState::kHeld) ended.push_back(r.order_id);
    return ++looked < kSweepAtMost;
  });
  for (const OrderId order : ended) tx.erase<ReservationRecord>(order);
  return looked < kSweepAtMost;
}

// How many pieces a reservation sold of a product.
int64_t sold_of(const ReservationRecord& reservation, ProductId product) {
  for (const ReservedLine& line : reservation.lines) {
    if (line.product_id == product) return line.quantity;
  }
  return 0;
}

std::optional<Outcome> take_back(const OrderId& order, const StockLine& line,
                                 const std::optional<ReservationRecord>& reservation, Transaction& tx) {
  auto stock = tx.find<StockRecord>(line.product_id);
  if (!stock) return refuse(kUnknownProduct, "there is no product " + line.product_id.text());
  auto before = tx.find<ReturnRecord>(std::tuple(order, line.product_id));
  const int64_t more = line.quantity - (before ? before->quantity : 0);
  if (more <= 0) return std::nullopt;
  const int64_t sold =
      reservation ? sold_of(*reservation, line.product_id) : stock->committed - stock->returned + line.quantity - more;
  if (line.quantity > sold)
    return refuse(kValidationFailed, "more comes back than was sold",
                  {{pointer_to(line) + "/quantity", "out_of_range", "at most " + std::to_string(sold)}});
  stock->on_hand += more;
  stock->returned += more;
  stock->version += 1;
  tx.put(*stock);
  tx.put(ReturnRecord{order, line.product_id, line.quantity});
  return std::nullopt;
}

}  // namespace

Outcome reserve_stock(const ReserveStock& command, const Call& call, Transaction& tx) {
  if (auto refused = refused_caller(call)) return std::move(*refused);
  if (auto there = tx.find<ReservationRecord>(command.order_id)) {
    if (there->state == ReservationState::kReleased) return refuse(kReservationReleased, "the order was released");
    return reply(StockReserved{std::move(there->lines)});
  }
  if (age_reached(command.order_id, kOldestReserve_ms, tx))
    return refuse(kReservationReleased, "the order is too old to hold anything");
  if (auto faults = faults_of(command.lines); !faults.empty())
    return refuse(kValidationFailed, "the lines are not valid", std::move(faults));

  Looked looked = look_up(command.lines, tx);
  if (!looked.unknown.empty())
    return refuse(kUnknownProduct, "a product of the order is not known", std::move(looked.unknown));
  if (!looked.short_of.empty())
    return refuse(kOutOfStock, "a product of the order is out of stock", std::move(looked.short_of));
  for (const StockRecord& stock : looked.stocks) tx.put(stock);
  ReservationRecord reservation{command.order_id, ReservationState::kHeld, std::move(looked.lines), command.expires_at};
  tx.put(reservation);
  look_after(reservation, tx);
  return reply(StockReserved{std::move(reservation.lines)});
}

Outcome commit_reservation(const CommitReservation& command, const Call& call, Transaction& tx) {
  if (auto refused = refused_caller(call)) return std::move(*refused);
  auto there = tx.find<ReservationRecord>(command.order_id);
  if (!there || there->state == ReservationState::kReleased)
    return refuse(kIllegalTransition, "nothing is held for " + command.order_id.text());
  if (there->state == ReservationState::kHeld) end_reservation(std::move(*there), ReservationState::kCommitted, tx);
  return no_content();
}

Outcome release_reservation(const ReleaseReservation& command, const Call& call, Transaction& tx) {
  if (auto refused = refused_caller(call)) return std::move(*refused);
  auto there = tx.find<ReservationRecord>(command.order_id);
  if (there && there->state == ReservationState::kCommitted)
    return refuse(kIllegalTransition, "the stock of " + command.order_id.text() + " was sold");
  if (there && there->state == ReservationState::kReleased) return no_content();
  if (!there) {
    if (age_reached(command.order_id, kOldestReserve_ms, tx)) return no_content();  // can begin no more anyway
    there = ReservationRecord{command.order_id, ReservationState::kReleased, {}, {}};
    look_after(*there, tx);
  }
  end_reservation(std::move(*there), ReservationState::kReleased, tx);
  return no_content();
}

Outcome return_stock(const ReturnStock& command, const Call& call, Transaction& tx) {
  if (auto refused = refused_caller(call)) return std::move(*refused);
  if (auto faults = faults_of(command.lines); !faults.empty())
    return refuse(kValidationFailed, "the lines are not valid", std::move(faults));
  auto reservation = tx.find<ReservationRecord>(command.order_id);
  if (reservation && reservation->state == ReservationState::kReleased)
    return refuse(kIllegalTransition, "nothing was sold for " + command.order_id.text());
  if (reservation && reservation->state == ReservationState::kHeld)
    end_reservation(*reservation, ReservationState::kCommitted, tx);
  for (const StockLine& line : command.lines) {
    if (auto refused = take_back(command.order_id, line, reservation, tx)) return std::move(*refused);
  }
  return no_content();
}

Outcome reservation_due(const ReservationDue& command, const Call& call, Transaction& tx) {
  if (auto refused = refused_caller(call)) return std::move(*refused);
  const auto there = tx.find<ReservationRecord>(command.order_id);
  if (!there) return no_content();
  if (there->state != ReservationState::kHeld) {
    if (age_reached(command.order_id, kForgotten_ms, tx)) tx.erase<ReservationRecord>(command.order_id);
    return no_content();
  }
  tx.emit(command.order_id.slot(), ReservationOverdue{command.order_id, there->lines.front().product_id.slot()});
  tx.set_timer(after(tx.now(), kOverdueRepeat_ms), command.order_id.uuid.bytes(), ReservationDue{command.order_id});
  return no_content();
}

Outcome sweep_reservations(const SweepReservations&, const Call& call, Transaction& tx) {
  if (auto refused = refused_caller(call)) return std::move(*refused);
  auto sweep = tx.find<SweepRecord>(std::tuple<>()).value_or(SweepRecord{});
  const bool seen = sweep_held(sweep, tx);
  const bool forgotten = sweep_ended(sweep, tx);
  bool empty = true;
  tx.scan<ReservationRecord>(std::tuple<>(), false, [&](const ReservationRecord&) { return empty = false; });
  if (empty) {
    tx.erase<SweepRecord>(std::tuple<>());
    return no_content();
  }
  tx.put(sweep);
  tx.set_timer(after(tx.now(), seen && forgotten ? kSweepEvery_ms : kSweepSoon_ms), {}, SweepReservations{});
  return no_content();
}

}  // namespace stoa::product
