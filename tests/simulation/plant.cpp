#include "tests/simulation/plant.hpp"

#include <map>

#include "actors/order/decisions.hpp"
#include "actors/order/records.hpp"
#include "actors/payment/records.hpp"
#include "actors/product/records.hpp"
#include "actors/services.hpp"
#include "actors/user/records.hpp"
#include "actors/user/rules.hpp"

namespace stoa::whole {
namespace {

using After = std::function<void(const std::any& command, Transaction& tx)>;

// The rule of that command, with something more done once it has.
void spoil(std::vector<Service>& services, std::string_view service, std::string_view command, After after) {
  for (Service& s : services) {
    if (s.name != service) continue;
    auto* const entry = const_cast<CommandTable::Entry*>(s.commands.find(command));
    STOA_CHECK(entry != nullptr, "a plant names a command");
    entry->rule = [rule = entry->rule, after = std::move(after)](const std::any& c, const Call& call, Transaction& tx) {
      Outcome outcome = rule(c, call, tx);
      if (!outcome.is_refused()) after(c, tx);
      return outcome;
    };
    return;
  }
}

void keep_on_hand(const std::any& c, Transaction& tx) {
  const auto r = tx.find<ReservationRecord>(std::any_cast<const CommitReservation&>(c).order_id);
  if (!r) return;
  for (const ReservedLine& line : r->lines) {
    auto stock = tx.find<StockRecord>(line.product_id);
    if (!stock) continue;
    stock->on_hand += line.quantity;
    tx.put(*stock);
  }
}

void capture_again(const std::any& c, Transaction& tx) {
  auto r = tx.find<PaymentRecord>(std::any_cast<const CaptureForShipment&>(c).order_id.uuid);
  if (!r || r->payment.captured.amount == 0) return;
  r->payment.captured.amount *= 2;
  tx.put(*r);
}

void tell_nobody(const std::any& c, Transaction& tx) {
  if (!std::any_cast<const DecideOrder&>(c).confirm) tx.outgoing().clear();
}

void append_again(const std::any& c, Transaction& tx) {
  auto r = tx.find<OrderRecord>(std::any_cast<const NotePayment&>(c).fact.order_id);
  if (!r || r->order.history.empty()) return;
  r->order.history.push_back(r->order.history.back());
  tx.put(*r);
}

void forget_session(const std::any& c, Transaction& tx) {
  const CredentialsResult& of = std::any_cast<const RecordRefresh&>(c).credentials;
  tx.erase<SessionRecord>(std::tuple(of.user_id, of.session_id));
}

class KeylessRouter final : public Router {
 public:
  explicit KeylessRouter(Router& real) : real_(real) {}
  void call(uint16_t service, Slot slot, Call call, AnyCommand command, Reply reply) override {
    call.idempotency_scope.clear();
    real_.call(service, slot, std::move(call), std::move(command), std::move(reply));
  }
  void call_all(uint16_t service, Call call, AnyCommand command, Replies replies) override {
    real_.call_all(service, std::move(call), std::move(command), std::move(replies));
  }

 private:
  Router& real_;
};

class RememberingRouter final : public Router {
 public:
  explicit RememberingRouter(Router& real) : real_(real) {}
  void call(uint16_t service, Slot slot, Call call, AnyCommand command, Reply reply) override {
    if (command.name() != GetOrder::kName) {
      return real_.call(service, slot, std::move(call), std::move(command), std::move(reply));
    }
    const std::string question = command.encoded();
    const auto known = answers_.find(question);
    if (known != answers_.end()) reply = [reply, old = known->second](const Answer&, bool) { reply(old, false); };
    real_.call(service, slot, std::move(call), std::move(command), [this, question, reply](Answer answer, bool again) {
      if (!answer.refused()) answers_.try_emplace(question, answer);
      reply(std::move(answer), again);
    });
  }
  void call_all(uint16_t service, Call call, AnyCommand command, Replies replies) override {
    real_.call_all(service, std::move(call), std::move(command), std::move(replies));
  }

 private:
  Router& real_;
  std::map<std::string, Answer> answers_;
};

}  // namespace

std::vector<Service> planted_services(Plant plant) {
  std::vector<Service> services = make_services();
  if (plant == Plant::kSellsHeldStock) spoil(services, "product", CommitReservation::kName, keep_on_hand);
  if (plant == Plant::kCapturesTwice) spoil(services, "payment", CaptureForShipment::kName, capture_again);
  if (plant == Plant::kForgetsCompensation) spoil(services, "order", DecideOrder::kName, tell_nobody);
  if (plant == Plant::kTellsAFactTwice) spoil(services, "order", NotePayment::kName, append_again);
  if (plant == Plant::kForgetsSessions) spoil(services, "user", RecordRefresh::kName, forget_session);
  return services;
}

std::unique_ptr<Router> planted_router(Plant plant, Router& real) {
  if (plant == Plant::kForgetsKeys) return std::make_unique<KeylessRouter>(real);
  if (plant == Plant::kReadsWithoutTheShard) return std::make_unique<RememberingRouter>(real);
  return nullptr;
}

}  // namespace stoa::whole
