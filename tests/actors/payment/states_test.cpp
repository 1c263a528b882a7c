// Scenario: every command on a payment in every state does what the table of states says, and nothing else.
#include <algorithm>
#include <gtest/gtest.h>

#include "tests/actors/payment/till.hpp"

namespace stoa::payment {
namespace {

// The shortest way into each state.
void bring_to(Till& till, PaymentStatus status) {
  const PaymentId id = payment_of(till.order);
  switch (status) {
    case PaymentStatus::kPending:
      return;
    case PaymentStatus::kRequiresAction:
      return (void)till.authorize(till.wanted("tok_3ds"));
    case PaymentStatus::kDeclined:
      return (void)till.authorize(till.wanted("tok_declined"));
    default:
      (void)till.authorize(till.wanted());
  }
  if (status == PaymentStatus::kAuthorized) return;
  if (status == PaymentStatus::kVoided) return till.must(void_payment, VoidPayment{id, {}}, till.by_admin());
  till.must(capture, CapturePayment{id, {}}, till.by_admin());
  if (status == PaymentStatus::kPartiallyRefunded)
    till.must(refund, RefundPayment{id, PaymentPart{1, {}}}, till.by_admin());
  if (status == PaymentStatus::kRefunded) till.must(refund, RefundPayment{id, {}}, till.by_admin());
}

struct Try {
  const char* command;  // as the table names it
  Outcome (*run)(Till&);
};

const Try kTries[] = {
    {"confirm", [](Till& t) { return t.confirm(t.by_customer()); }},
    {"capture",
     [](Till& t) {
       return t.run(capture, CapturePayment{payment_of(t.order), {}}, t.by_admin());
     }},
    {"void",
     [](Till& t) {
       return t.run(void_payment, VoidPayment{payment_of(t.order), {}}, t.by_admin());
     }},
    {"refund_part",
     [](Till& t) {
       return t.run(refund, RefundPayment{payment_of(t.order), PaymentPart{1, {}}}, t.by_admin());
     }},
    {"refund",
     [](Till& t) {
       return t.run(refund, RefundPayment{payment_of(t.order), {}}, t.by_admin());
     }},
};

TEST(PaymentStates, AreMovedByEachCommandAsTheTableSays) {
  for (const auto& from : kPaymentStatusNames) {
    for (const Try& attempt : kTries) {
      Till till;
      bring_to(till, from.value);
      ASSERT_EQ(till.status(), from.value);
      const auto& table = machine().transitions;
      const auto row = std::find_if(table.begin(), table.end(), [&](const Transition& t) {
        return t.from == from.name && t.command == std::string_view(attempt.command);
      });
      const std::string what = std::string(from.name) + " " + attempt.command;
      const Outcome outcome = attempt.run(till);
      if (row == table.end()) {
        const bool unknown = from.value == PaymentStatus::kPending;
        EXPECT_EQ(outcome.answer.code, unknown ? kNotFound.code : kIllegalTransition.code) << what;
        EXPECT_EQ(till.status(), from.value) << what;
      } else {
        EXPECT_FALSE(outcome.is_refused()) << what;
        EXPECT_EQ(name_of(till.status()), row->to) << what;
      }
      EXPECT_EQ(till.violations(), std::vector<std::string>()) << what;
    }
  }
}

TEST(PaymentStates, OfTheTableAreKnownAndReached) {
  for (const Transition& t : machine().transitions) {
    EXPECT_TRUE(value_named<PaymentStatus>(t.from)) << t.from;
    EXPECT_TRUE(value_named<PaymentStatus>(t.to)) << t.to;
  }
  for (const auto& status : kPaymentStatusNames) {
    const auto& table = machine().transitions;
    EXPECT_TRUE(status.name == machine().initial ||
                std::any_of(table.begin(), table.end(), [&](const Transition& t) { return t.to == status.name; }))
        << status.name;
  }
}

}  // namespace
}  // namespace stoa::payment
