#include "actors/order/saga.hpp"

#include <algorithm>
#include <map>

#include "actors/order/decisions.hpp"
#include "actors/order/rules.hpp"
#include "actors/service_number.hpp"

namespace stoa::order {
namespace {

// Longer than an order may take, so that a reservation is only overdue when something was lost.
constexpr int64_t kHoldMs = kConfirmPaymentWithinMs + 60'000;

struct Placing {
  PlaceOrder order;
  Time begun;
  std::map<uint16_t, std::vector<StockLine>> by_shard;  // of the product service
};

Placing read(const SagaRow& row, const ShardCounts& shards) {
  Placing p{decode_stored<PlaceOrder>(row.payload), row.begun, {}};
  int64_t line = 0;
  for (const OrderItem& item : p.order.lines) {
    const uint16_t shard = shard_of(shards, service_number::product, item.product_id.slot());
    p.by_shard[shard].push_back({line++, item.product_id, item.quantity});
  }
  return p;
}

std::string reserve_key(uint16_t shard) { return "reserve/" + std::to_string(shard); }

SagaStep ask_for_stock(const Placing& p) {
  SagaStep step;
  for (const auto& [shard, lines] : p.by_shard) {
    ReserveStock reserve{p.order.id, after(p.begun, kHoldMs), lines};
    step.asks.push_back({reserve_key(shard), service_number::product, lines.front().product_id.slot(),
                         AnyCommand::of(std::move(reserve)), false});
  }
  return step;
}

DecideOrder decision_for(const Placing& p) {
  DecideOrder d;
  d.id = p.order.id;
  for (const auto& [shard, lines] : p.by_shard) d.product_slots.push_back(lines.front().product_id.slot());
  return d;
}

SagaStep decided(DecideOrder d) {
  SagaStep step;
  step.decision = AnyCommand::of(std::move(d));
  return step;
}

SagaStep rejected(const Placing& p, std::string_view code, std::string detail, std::vector<FieldError> errors = {}) {
  DecideOrder d = decision_for(p);
  d.code = code;
  d.detail = std::move(detail);
  d.errors = std::move(errors);
  return decided(std::move(d));
}

// All shards have answered and at least one refused: an unknown product weighs more than a missing one.
SagaStep refuse_stock(const Placing& p, const std::vector<const Answer*>& refusals) {
  const auto unknown =
      std::find_if(refusals.begin(), refusals.end(), [](const Answer* a) { return a->code == kUnknownProduct.code; });
  const Answer& first = unknown != refusals.end() ? **unknown : *refusals.front();
  std::vector<FieldError> errors;
  for (const Answer* a : refusals) {
    if (a->code == first.code) errors.insert(errors.end(), a->errors.begin(), a->errors.end());
  }
  return rejected(p, first.code, first.detail, std::move(errors));
}

std::optional<Money> total_of(const std::vector<ReservedLine>& lines) {
  Money total{0, lines.front().unit_price.currency};
  for (const ReservedLine& l : lines) {
    const auto part = times(l.unit_price, l.quantity);
    const auto sum = part ? add(total, *part) : std::nullopt;
    if (!sum) return std::nullopt;
    total = *sum;
  }
  return total;
}

}  // namespace

SagaStep next_step(const SagaRow& row, const SagaReplies& replies, const ShardCounts& shards) {
  const Placing p = read(row, shards);
  std::vector<ReservedLine> lines;
  std::vector<const Answer*> refusals;
  for (const auto& [shard, wanted] : p.by_shard) {
    const auto reply = replies.find(reserve_key(shard));
    if (reply == replies.end()) return ask_for_stock(p);  // all are asked at once; wait for the rest
    if (reply->second.refused()) {
      refusals.push_back(&reply->second);
      continue;
    }
    const auto reserved = decode_stored<StockReserved>(reply->second.body);
    lines.insert(lines.end(), reserved.lines.begin(), reserved.lines.end());
  }
  if (!refusals.empty()) return refuse_stock(p, refusals);
  std::sort(lines.begin(), lines.end(), [](const auto& a, const auto& b) { return a.line < b.line; });
  const auto total = total_of(lines);
  if (!total) return rejected(p, kCurrencyMismatch.code, "the products are priced in different currencies");

  if (total->amount > kMaxAmount) {
    return rejected(p, kValidationFailed.code, "the order's total is out of range",
                    {{"/lines", "out_of_range", "come to more than " + std::to_string(kMaxAmount) + " minor units"}});
  }

  const auto paid = replies.find("pay");
  const auto booked = replies.find("ship");
  if (paid == replies.end() || booked == replies.end()) {
    SagaStep step;
    const Slot slot = p.order.id.slot();
    step.asks.push_back(
        {"pay", service_number::payment, slot,
         AnyCommand::of(AuthorizePayment{p.order.id, p.order.customer_id, *total, p.order.payment.method}), true});
    step.asks.push_back(
        {"ship", service_number::shipping, slot, AnyCommand::of(BookShipment{p.order.id, p.order.customer_id}), false});
    return step;
  }
  if (paid->second.refused()) return rejected(p, paid->second.code, paid->second.detail);
  if (booked->second.refused()) return rejected(p, booked->second.code, booked->second.detail);
  DecideOrder d = decision_for(p);
  d.confirm = true;
  d.lines = std::move(lines);
  switch (decode_stored<PaymentDecided>(paid->second.body).status) {
    case PaymentStatus::kAuthorized:
      return decided(std::move(d));
    case PaymentStatus::kRequiresAction: {
      SagaStep step;
      step.decision = AnyCommand::of(AwaitPayment{std::move(d)});
      return step;
    }
    default:
      return rejected(p, kPaymentDeclined.code, "the payment was declined");
  }
}

AnyCommand give_up(const SagaRow& row) { return AnyCommand::of(ExpireOrder{OrderId{row.id}}); }

}  // namespace stoa::order
