#include "actors/payment/rules.hpp"

#include <gmock/gmock.h>

#include "tests/actors/payment/till.hpp"

namespace stoa::payment {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Status = PaymentStatus;
using Operation = ProviderOperation;

TEST(Payment, EndsAsItsMethodSays) {
  const std::pair<const char*, Status> rows[] = {{"tok_visa", Status::kAuthorized},
                                                 {"tok_timeout", Status::kAuthorized},
                                                 {"tok_flaky", Status::kAuthorized},
                                                 {"tok_declined", Status::kDeclined},
                                                 {"tok_3ds", Status::kRequiresAction}};
  for (const auto& [method, status] : rows) {
    Till till;
    EXPECT_EQ(status_in(till.authorize(till.wanted(method))), status) << method;
    EXPECT_EQ(till.status(), status) << method;
    EXPECT_THAT(till.violations(), IsEmpty()) << method;
    EXPECT_THAT(till.told(), IsEmpty()) << "the reply says it: " << method;
  }
}

TEST(Payment, RepeatsItsReplyAndHoldsMoneyOnce) {
  Till till;
  const Outcome first = till.authorize(till.wanted());
  const PaymentRecord before = till.stored();
  EXPECT_EQ(encode(till.authorize(till.wanted()).answer), encode(first.answer));
  EXPECT_EQ(encode(till.stored()), encode(before));
  EXPECT_THAT(till.keys, ElementsAre(till.order.uuid.hex() + ":authorize"));
}

TEST(Payment, AsksTheProviderUnderOneKeyWhenAskedTwiceAtOnce) {
  Till till;
  const Outcome second = till.authorize(till.wanted(), [&] { (void)till.authorize(till.wanted()); });
  EXPECT_EQ(status_in(second), Status::kAuthorized);
  EXPECT_EQ(till.keys.at(0), till.keys.at(1));
  EXPECT_EQ(till.stored().payment.ledger.size(), 2u);
}

TEST(Payment, NeverBeginsAfterItsCancel) {
  Till till;
  till.must(cancel, CancelPayment{till.order});
  EXPECT_EQ(till.authorize(till.wanted()).answer.code, kPaymentCancelled.code);
  EXPECT_THAT(till.keys, IsEmpty());
  EXPECT_EQ(till.ask(get, GetPayment{payment_of(till.order)}, till.by_admin()).answer.code, kNotFound.code);
}

TEST(Payment, IsVoidedAtTheProviderThoughNothingIsKnownOfIt) {
  Till till;
  for (int i = 0; i < 2; ++i) till.must(cancel, CancelPayment{till.order});
  ASSERT_THAT(till.ordered(), ElementsAre(Operation::kVoid)) << "an answer may have been lost with a crash";
  EXPECT_EQ(till.sent<TellProvider>().at(0).request.payment, till.order.uuid);
}

TEST(Payment, LetsGoWhatWasHeldWhileItsCancelCame) {
  Till till;
  (void)till.authorize(till.wanted(), [&] { till.must(cancel, CancelPayment{till.order}); });
  EXPECT_EQ(till.status(), Status::kVoided);
  EXPECT_THAT(till.ordered(), ElementsAre(Operation::kVoid, Operation::kVoid)) << "the first may have come too early";
  EXPECT_NE(till.sent<TellProvider>().at(0).seq, till.sent<TellProvider>().at(1).seq);
  EXPECT_THAT(till.violations(), IsEmpty());
  EXPECT_EQ(till.authorize(till.wanted()).answer.code, kPaymentCancelled.code);
}

TEST(Payment, LetsGoOfTheActionAskedForWhileItsCancelCame) {
  Till till;
  (void)till.authorize(till.wanted("tok_3ds"), [&] { till.must(cancel, CancelPayment{till.order}); });
  EXPECT_EQ(till.status(), Status::kDeclined);
  ASSERT_THAT(till.ordered(), ElementsAre(Operation::kVoid, Operation::kVoid)) << "the first may have come too early";
  EXPECT_NE(till.sent<TellProvider>().at(0).seq, till.sent<TellProvider>().at(1).seq) << "a key is heard once";
}

TEST(Payment, IsGivenUpByACancelWhereverItStands) {
  struct Row {
    const char* method;
    bool captured;
    Status after;
    std::vector<Operation> ordered;
  };
  const Row rows[] = {{"tok_visa", false, Status::kVoided, {Operation::kVoid}},
                      {"tok_visa", true, Status::kRefunded, {Operation::kCapture, Operation::kRefund}},
                      {"tok_3ds", false, Status::kDeclined, {Operation::kVoid}},
                      {"tok_declined", false, Status::kDeclined, {}}};
  for (const Row& row : rows) {
    Till till;
    (void)till.authorize(till.wanted(row.method));
    if (row.captured) till.must(capture_for_shipment, CaptureForShipment{till.order});
    for (int i = 0; i < 2; ++i) till.must(cancel, CancelPayment{till.order});
    EXPECT_EQ(till.status(), row.after) << row.method;
    EXPECT_EQ(till.ordered(), row.ordered) << row.method;
    EXPECT_THAT(till.violations(), IsEmpty()) << row.method;
  }
}

TEST(Payment, IsConfirmedByItsOwnerOnly) {
  Till till;
  (void)till.authorize(till.wanted("tok_3ds"));
  EXPECT_EQ(till.confirm(call_by(UserRole::kCustomer, UserId::mint(till.now, 3, till.random))).answer.code,
            kNotFound.code);
  EXPECT_FALSE(till.confirm(till.by_customer()).is_refused());
  EXPECT_EQ(till.status(), Status::kAuthorized);
  EXPECT_THAT(till.told(), ElementsAre(Status::kAuthorized));
  EXPECT_EQ(till.confirm(till.by_customer()).answer.code, kIllegalTransition.code);
}

TEST(Payment, LetsGoWhatWasConfirmedWhileItsCancelCame) {
  Till till;
  (void)till.authorize(till.wanted("tok_3ds"));
  (void)till.confirm(till.by_customer(), [&] { till.must(cancel, CancelPayment{till.order}); });
  EXPECT_EQ(till.status(), Status::kDeclined);
  EXPECT_THAT(till.ordered(), ElementsAre(Operation::kVoid, Operation::kVoid)) << "the first may have come too early";
  const auto sent = till.sent<TellProvider>();
  EXPECT_NE(sent.at(0).seq, sent.at(1).seq) << "another key, so that it is done again";
  EXPECT_THAT(till.violations(), IsEmpty());
}

TEST(Payment, IsCapturedOnceForItsShipment) {
  Till till;
  (void)till.authorize(till.wanted());
  for (int i = 0; i < 2; ++i) till.must(capture_for_shipment, CaptureForShipment{till.order});
  EXPECT_EQ(till.status(), Status::kCaptured);
  EXPECT_EQ(till.stored().payment.captured.amount, 1000);
  EXPECT_THAT(till.told(), ElementsAre(Status::kCaptured));
  EXPECT_THAT(till.ordered(), ElementsAre(Operation::kCapture));
}

TEST(Payment, GivesBackWhatAPartialCaptureLeaves) {
  Till till;
  (void)till.authorize(till.wanted());
  EXPECT_FALSE(
      till.run(capture, CapturePayment{payment_of(till.order), PaymentPart{400, {}}}, till.by_admin()).is_refused());
  int64_t customer = 0;
  for (const LedgerEntry& e : till.stored().payment.ledger) customer += e.account == "customer" ? e.amount.amount : 0;
  EXPECT_EQ(customer, -400);
  EXPECT_THAT(till.violations(), IsEmpty());
}

TEST(Payment, IsRefundedInPartsAndNeverMoreThanWasCaptured) {
  Till till;
  const PaymentId id = payment_of(till.order);
  (void)till.authorize(till.wanted());
  till.must(capture, CapturePayment{id, PaymentPart{700, {}}}, till.by_admin());
  till.must(refund, RefundPayment{id, PaymentPart{300, {}}}, till.by_admin());
  EXPECT_EQ(till.status(), Status::kPartiallyRefunded);
  const Outcome too_much = till.run(refund, RefundPayment{id, PaymentPart{401, {}}}, till.by_admin());
  EXPECT_EQ(too_much.answer.code, kValidationFailed.code);
  EXPECT_EQ(too_much.answer.errors.at(0).pointer, "/amount");
  till.must(refund, RefundPayment{id, {}}, till.by_admin());
  EXPECT_EQ(till.status(), Status::kRefunded);
  EXPECT_EQ(till.stored().payment.refunded.amount, 700);
  EXPECT_THAT(till.told(), ElementsAre(Status::kCaptured, Status::kPartiallyRefunded, Status::kRefunded));
  EXPECT_THAT(till.violations(), IsEmpty());
}

TEST(Payment, CapturesNoMoreThanWasAuthorised) {
  Till till;
  (void)till.authorize(till.wanted());
  const Outcome outcome =
      till.run(capture, CapturePayment{payment_of(till.order), PaymentPart{1001, {}}}, till.by_admin());
  EXPECT_EQ(outcome.answer.code, kValidationFailed.code);
  EXPECT_EQ(till.status(), Status::kAuthorized);
}

TEST(Payment, IsShownToItsOwnerAndToAdmins) {
  Till till;
  (void)till.authorize(till.wanted());
  const GetPayment query{payment_of(till.order)};
  EXPECT_FALSE(till.ask(get, query, till.by_customer()).is_refused());
  EXPECT_FALSE(till.ask(get, query, call_by(UserRole::kAdmin, UserId::mint(till.now, 8, till.random))).is_refused());
  const Outcome others = till.ask(get, query, call_by(UserRole::kCustomer, UserId::mint(till.now, 8, till.random)));
  const Outcome unknown = till.ask(get, GetPayment{PaymentId::mint(till.now, 3, till.random)}, till.by_customer());
  EXPECT_EQ(others.answer.code, kNotFound.code);
  EXPECT_EQ(encode(others.answer), encode(unknown.answer));
}

TEST(Payment, NumbersItsFactsWithoutGaps) {
  Till till;
  const PaymentId id = payment_of(till.order);
  (void)till.authorize(till.wanted("tok_3ds"));
  (void)till.confirm(till.by_customer());
  till.must(capture, CapturePayment{id, {}}, till.by_admin());
  till.must(refund, RefundPayment{id, {}}, till.by_admin());
  int64_t seq = 0;
  for (const auto& fact : till.emitted<PaymentChanged>()) EXPECT_EQ(fact.seq, ++seq);
  EXPECT_EQ(seq, 3);
}

}  // namespace
}  // namespace stoa::payment
