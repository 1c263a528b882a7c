#include "tests/simulation/provider.hpp"

namespace stoa::whole {

void Provider::perform(const std::string& key, const std::string& request) {
  const auto [known, first] = done_.try_emplace(key, request);
  if (!first && known->second != request) findings_.add("I2: the provider was asked two things under the key " + key);
  if (!first) return;
  const auto r = decode_stored<ProviderRequest>(request);
  Account& account = accounts_[r.payment];
  const bool holds =
      r.operation == ProviderOperation::kConfirm ||
      (r.operation == ProviderOperation::kAuthorize && r.method != "tok_declined" && r.method != "tok_3ds");
  if (holds && !account.voided) account.held = r.amount.amount;
  if (r.operation == ProviderOperation::kVoid) {
    account.voided = true;
    account.held = 0;
  }
  if (r.operation == ProviderOperation::kCapture) {
    account.taken += r.amount.amount;
    account.held = 0;
  }
  if (r.operation == ProviderOperation::kRefund) account.taken -= r.amount.amount;
}

Provider::Account Provider::account(const Uuid& payment) const {
  const auto found = accounts_.find(payment);
  return found == accounts_.end() ? Account{} : found->second;
}

}  // namespace stoa::whole
