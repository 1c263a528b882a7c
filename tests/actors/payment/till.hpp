// What tests of the payment service begin with: a shard, a customer with an order to pay, and the sandbox provider,
// whose answers come when the test lets them.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <variant>

#include "actors/payment/records.hpp"
#include "actors/payment/rules.hpp"
#include "actors/payment/sandbox_provider.hpp"
#include "tests/actors/rules_fixture.hpp"

namespace stoa::payment {

struct Till : RulesFixture {
  using RulesFixture::RulesFixture;

  UserId customer = UserId::mint(now, 3, random);
  OrderId order = OrderId::mint(now, 3, random);
  std::deque<std::function<void()>> to_come;  // answers of the provider
  SandboxProvider provider{[this](int64_t, std::function<void()> f) { to_come.push_back(std::move(f)); }};

  Call by_customer() const { return call_by(UserRole::kCustomer, customer); }
  Call by_admin() const { return call_by(UserRole::kAdmin, customer); }

  AuthorizePayment wanted(const std::string& method = "tok_visa", int64_t amount = 1000) const {
    return {order, customer, {amount, "EUR"}, method};
  }

  // A command with an effect, as a shard runs it; `meanwhile` happens while the provider is asked.
  template <class C, class Recorded>
  Outcome perform(
      EffectPlan (*plan)(const C&, const Call&, const Reader&), Recorded (*completion)(const C&, const std::string&),
      Outcome (*record)(const Recorded&, const Call&, Transaction&), const C& command, const Call& call,
      const std::function<void()>& meanwhile = [] {}) {
    EffectPlan planned = plan(command, call, reader());
    if (auto* known = std::get_if<Outcome>(&planned)) return std::move(*known);
    const Effect& effect = std::get<Effect>(planned);
    keys.push_back(effect.key);
    std::string result;
    provider.perform(effect.key, effect.request, [&](std::string r) { result = std::move(r); });
    meanwhile();
    while (!to_come.empty()) {
      to_come.front()();
      to_come.pop_front();
    }
    return run(record, completion(command, result), call);
  }

  Outcome authorize(
      const AuthorizePayment& command, const std::function<void()>& meanwhile = [] {}) {
    return perform(plan_authorization, authorization_result, record_authorization, command, call_by_service(),
                   meanwhile);
  }
  Outcome confirm(
      const Call& call, const std::function<void()>& meanwhile = [] {}) {
    return perform(plan_confirmation, confirmation_result, record_confirmation, ConfirmPayment{payment_of(order)}, call,
                   meanwhile);
  }

  PaymentRecord stored() const { return find<PaymentRecord>(order.uuid).value_or(PaymentRecord{}); }
  PaymentStatus status() const { return stored().payment.status; }
  // What the order's shard was told, oldest first.
  std::vector<PaymentStatus> told() const {
    std::vector<PaymentStatus> all;
    for (const auto& fact : emitted<PaymentChanged>()) all.push_back(fact.status);
    return all;
  }
  // What the provider is to hear.
  std::vector<ProviderOperation> ordered() const {
    std::vector<ProviderOperation> all;
    for (const auto& c : sent<TellProvider>()) all.push_back(c.request.operation);
    return all;
  }
  std::vector<std::string> violations() const {
    std::vector<std::string> found;
    check_money(reader(), Uuid{}, found);
    return found;
  }

  std::vector<std::string> keys;  // of the effects, as they were asked for
};

inline PaymentStatus status_in(const Outcome& reply) { return decode_stored<PaymentDecided>(reply.answer.body).status; }

}  // namespace stoa::payment
