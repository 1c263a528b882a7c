#include "actors/payment/rules.hpp"

#include <algorithm>

#include "actors/payment/records.hpp"
#include "actors/runtime/invariant.hpp"
#include "actors/service_number.hpp"

namespace stoa::payment {
namespace {

PaymentRecord record_of(const Reader& reader, const Uuid& id) {
  auto record = reader.find<PaymentRecord>(id);
  if (record) return std::move(*record);
  PaymentRecord fresh;
  fresh.id = id;
  return fresh;
}

// Moves money between two accounts: one booking, two sides.
void book(Payment& p, Time at, const char* from, const char* to, int64_t amount, const char* cause) {
  const auto side = [&](const char* account, int64_t signed_amount) {
    p.ledger.push_back(
        {static_cast<int64_t>(p.ledger.size()) + 1, at, account, {signed_amount, p.amount.currency}, cause});
  };
  side(from, -amount);
  side(to, amount);
}

void change(PaymentRecord& r, PaymentStatus to, Transaction& tx) {
  r.payment.status = to;
  tx.emit(r.id.slot(), PaymentChanged{r.payment.order_id, to, ++r.changes});
}

// The seqs of voids that are told again; no ledger has them, and the provider heeds a key once.
constexpr int64_t kVoidAfterConfirm = -1;
constexpr int64_t kVoidAfterCancel = -2;

void tell(const PaymentRecord& r, ProviderOperation operation, int64_t amount, Transaction& tx,
          std::optional<int64_t> seq = std::nullopt) {
  TellProvider told;
  told.request = {operation, r.id, {amount, r.payment.amount.currency}, r.payment.method};
  told.seq = seq.value_or(static_cast<int64_t>(r.payment.ledger.size()));
  tx.send(service_number::payment, r.id.slot(), told);
}

int64_t refundable(const Payment& p) { return p.captured.amount - p.refunded.amount; }

void do_void(PaymentRecord& r, Transaction& tx) {
  book(r.payment, tx.now(), "held", "customer", r.payment.amount.amount, "void");
  change(r, PaymentStatus::kVoided, tx);
  tell(r, ProviderOperation::kVoid, r.payment.amount.amount, tx);
}

void do_capture(PaymentRecord& r, int64_t amount, Transaction& tx) {
  Payment& p = r.payment;
  book(p, tx.now(), "held", "merchant", amount, "capture");
  if (amount < p.amount.amount) book(p, tx.now(), "held", "customer", p.amount.amount - amount, "release");
  p.captured.amount = amount;
  change(r, PaymentStatus::kCaptured, tx);
  tell(r, ProviderOperation::kCapture, amount, tx);
}

void do_refund(PaymentRecord& r, int64_t amount, Transaction& tx) {
  Payment& p = r.payment;
  book(p, tx.now(), "merchant", "customer", amount, "refund");
  p.refunded.amount += amount;
  change(r, refundable(p) == 0 ? PaymentStatus::kRefunded : PaymentStatus::kPartiallyRefunded, tx);
  tell(r, ProviderOperation::kRefund, amount, tx);
}

Outcome illegal(const Payment& p, const char* what) {
  return refuse(kIllegalTransition,
                std::string("a payment that is ") + std::string(name_of(p.status)) + " cannot be " + what);
}

// Why a part cannot be taken of what may be between `low` and `high` minor units.
std::optional<Outcome> refused_part(const Payment& p, const std::optional<PaymentPart>& part, int64_t low,
                                    int64_t high) {
  if (!part) return std::nullopt;
  if (!part->currency.empty() && part->currency != p.amount.currency) {
    return refuse(kCurrencyMismatch, "the payment is in " + p.amount.currency);
  }
  if (part->amount >= low && part->amount <= high) return std::nullopt;
  return refuse(kValidationFailed, "the amount is out of range",
                {{"/amount", "out_of_range",
                  "must be between " + std::to_string(low) + " and " + std::to_string(high) + " minor units"}});
}

Outcome shown(const PaymentRecord& r) { return ok(r.payment).tagged(std::to_string(r.changes)); }

bool may_see(const PaymentRecord& r, const Caller& caller) {
  return r.known && (caller.is(UserRole::kAdmin) || caller.is(UserRole::kService) || r.customer_id == caller.user);
}

Outcome no_such_payment() { return refuse(kNotFound, "there is no such payment"); }

}  // namespace

EffectPlan plan_authorization(const AuthorizePayment& c, const Call&, const Reader& reader) {
  const auto r = reader.find<PaymentRecord>(c.order_id.uuid);
  if (r && r->cancelled) return refuse(kPaymentCancelled, "the order was given up");
  if (r && r->known) return reply(PaymentDecided{r->payment.status});
  return Effect{kPaymentProvider, c.order_id.uuid.hex() + ":authorize",
                encode(ProviderRequest{ProviderOperation::kAuthorize, c.order_id.uuid, c.amount, c.method})};
}

RecordAuthorization authorization_result(const AuthorizePayment& c, const std::string& result) {
  return {c, decode_stored<ProviderResult>(result)};
}

Outcome record_authorization(const RecordAuthorization& c, const Call&, Transaction& tx) {
  PaymentRecord r = record_of(tx, c.request.order_id.uuid);
  if (r.known)
    return r.cancelled ? refuse(kPaymentCancelled, "the order was given up") : reply(PaymentDecided{r.payment.status});
  r.known = true;
  r.customer_id = c.request.customer_id;
  Payment& p = r.payment;
  p.id = payment_of(c.request.order_id);
  p.order_id = c.request.order_id;
  p.method = c.request.method;
  p.amount = c.request.amount;
  p.captured = p.refunded = {0, p.amount.currency};
  switch (c.result.verdict) {
    case ProviderVerdict::kApproved:
      book(p, tx.now(), "customer", "held", p.amount.amount, "authorize");
      p.status = PaymentStatus::kAuthorized;
      break;
    case ProviderVerdict::kDeclined:
      p.status = PaymentStatus::kDeclined;
      break;
    case ProviderVerdict::kRequiresAction:
      p.status = PaymentStatus::kRequiresAction;
      break;
  }
  if (r.cancelled) {
    // The cancel came while the provider was asked: what it held is let go at once.
    if (p.status == PaymentStatus::kAuthorized) do_void(r, tx);
    if (p.status == PaymentStatus::kRequiresAction) {
      change(r, PaymentStatus::kDeclined, tx);
      tell(r, ProviderOperation::kVoid, p.amount.amount, tx, kVoidAfterCancel);
    }
  }
  tx.put(r);
  return reply(PaymentDecided{p.status});
}

EffectPlan plan_confirmation(const ConfirmPayment& c, const Call& call, const Reader& reader) {
  const auto r = reader.find<PaymentRecord>(c.id.uuid);
  if (!r || !r->known || r->customer_id != call.caller.user) return no_such_payment();
  if (r->payment.status != PaymentStatus::kRequiresAction) return illegal(r->payment, "confirmed");
  return Effect{kPaymentProvider, c.id.uuid.hex() + ":confirm",
                encode(ProviderRequest{ProviderOperation::kConfirm, c.id.uuid, r->payment.amount, r->payment.method})};
}

RecordConfirmation confirmation_result(const ConfirmPayment& c, const std::string& result) {
  return {c.id, decode_stored<ProviderResult>(result)};
}

Outcome record_confirmation(const RecordConfirmation& c, const Call&, Transaction& tx) {
  PaymentRecord r = record_of(tx, c.id.uuid);
  if (r.payment.status == PaymentStatus::kDeclined && c.result.verdict == ProviderVerdict::kApproved) {
    // Given up while the provider was asked: it may have held the money after it heard of that.
    tell(r, ProviderOperation::kVoid, r.payment.amount.amount, tx, kVoidAfterConfirm);
    return shown(r);
  }
  if (r.payment.status != PaymentStatus::kRequiresAction) return illegal(r.payment, "confirmed");
  if (c.result.verdict == ProviderVerdict::kApproved) {
    book(r.payment, tx.now(), "customer", "held", r.payment.amount.amount, "authorize");
    change(r, PaymentStatus::kAuthorized, tx);
  } else {
    change(r, PaymentStatus::kDeclined, tx);
  }
  tx.put(r);
  return shown(r);
}

EffectPlan plan_telling(const TellProvider& c, const Call&, const Reader&) {
  return Effect{kPaymentProvider, c.request.payment.hex() + ":" + std::to_string(c.seq), encode(c.request)};
}
ProviderTold telling_result(const TellProvider& c, const std::string&) { return {c.request.payment}; }
Outcome provider_told(const ProviderTold&, const Call&, Transaction&) { return no_content(); }

Outcome cancel(const CancelPayment& c, const Call&, Transaction& tx) {
  PaymentRecord r = record_of(tx, c.order_id.uuid);
  if (r.cancelled) return no_content();
  r.cancelled = true;
  switch (r.payment.status) {
    case PaymentStatus::kAuthorized:
      do_void(r, tx);
      break;
    case PaymentStatus::kRequiresAction:
      change(r, PaymentStatus::kDeclined, tx);
      tell(r, ProviderOperation::kVoid, r.payment.amount.amount, tx);
      break;
    case PaymentStatus::kCaptured:
    case PaymentStatus::kPartiallyRefunded:
      do_refund(r, refundable(r.payment), tx);
      break;
    case PaymentStatus::kPending:
      // Never heard of decides nothing: the provider may have been asked, and its answer lost with a crash.
      tell(r, ProviderOperation::kVoid, 0, tx);
      break;
    case PaymentStatus::kDeclined:
    case PaymentStatus::kVoided:
    case PaymentStatus::kRefunded:
      break;  // nothing is held
  }
  tx.put(r);
  return no_content();
}

Outcome capture_for_shipment(const CaptureForShipment& c, const Call&, Transaction& tx) {
  PaymentRecord r = record_of(tx, c.order_id.uuid);
  if (r.payment.status != PaymentStatus::kAuthorized) return no_content();  // a repeat, or captured by hand before
  do_capture(r, r.payment.amount.amount, tx);
  tx.put(r);
  return no_content();
}

Outcome capture(const CapturePayment& c, const Call&, Transaction& tx) {
  PaymentRecord r = record_of(tx, c.id.uuid);
  if (!r.known) return no_such_payment();
  if (r.payment.status != PaymentStatus::kAuthorized) return illegal(r.payment, "captured");
  const int64_t held = r.payment.amount.amount;
  if (auto refused = refused_part(r.payment, c.part, std::min<int64_t>(1, held), held)) return std::move(*refused);
  do_capture(r, c.part ? c.part->amount : held, tx);
  tx.put(r);
  return shown(r);
}

Outcome void_payment(const VoidPayment& c, const Call&, Transaction& tx) {
  PaymentRecord r = record_of(tx, c.id.uuid);
  if (!r.known) return no_such_payment();
  if (r.payment.status != PaymentStatus::kAuthorized) return illegal(r.payment, "voided");
  const int64_t held = r.payment.amount.amount;
  if (auto refused = refused_part(r.payment, c.part, held, held)) return std::move(*refused);
  do_void(r, tx);
  tx.put(r);
  return shown(r);
}

Outcome refund(const RefundPayment& c, const Call&, Transaction& tx) {
  PaymentRecord r = record_of(tx, c.id.uuid);
  if (!r.known) return no_such_payment();
  const bool may =
      r.payment.status == PaymentStatus::kCaptured || r.payment.status == PaymentStatus::kPartiallyRefunded;
  if (!may) return illegal(r.payment, "refunded");
  const int64_t left = refundable(r.payment);
  if (auto refused = refused_part(r.payment, c.part, std::min<int64_t>(1, left), left)) return std::move(*refused);
  do_refund(r, c.part ? c.part->amount : left, tx);
  tx.put(r);
  return shown(r);
}

Outcome get(const GetPayment& q, const Call& call, const Reader& reader) {
  const auto r = reader.find<PaymentRecord>(q.id.uuid);
  if (!r || !may_see(*r, call.caller)) return no_such_payment();
  return shown(*r);
}

const StateMachine& machine() {
  static const StateMachine kMachine{"payment",
                                     "pending",
                                     {{"pending", "authorize", "authorized"},
                                      {"pending", "decline", "declined"},
                                      {"pending", "require_action", "requires_action"},
                                      {"requires_action", "confirm", "authorized"},
                                      {"requires_action", "decline", "declined"},
                                      {"authorized", "capture", "captured"},
                                      {"authorized", "void", "voided"},
                                      {"captured", "refund_part", "partially_refunded"},
                                      {"captured", "refund", "refunded"},
                                      {"partially_refunded", "refund_part", "partially_refunded"},
                                      {"partially_refunded", "refund", "refunded"}}};
  return kMachine;
}

Uuid check_money(const Reader& reader, Uuid from, std::vector<std::string>& violations) {
  return check_each<PaymentRecord>(reader, from, violations, [&](const PaymentRecord& r) {
    const Payment& p = r.payment;
    int64_t sum = 0, held = 0;
    for (const LedgerEntry& e : p.ledger) {
      sum += e.amount.amount;
      if (e.account == "held") held += e.amount.amount;
    }
    const bool ends = p.status != PaymentStatus::kAuthorized;
    if (sum != 0) violations.push_back(p.id.text() + ": its ledger does not sum to zero");
    if (p.captured.amount > p.amount.amount) violations.push_back(p.id.text() + ": captured more than authorised");
    if (p.refunded.amount > p.captured.amount) violations.push_back(p.id.text() + ": refunded more than captured");
    if (held != (ends ? 0 : p.amount.amount))
      violations.push_back(p.id.text() + ": holds other money than its status says");
  });
}

}  // namespace stoa::payment
