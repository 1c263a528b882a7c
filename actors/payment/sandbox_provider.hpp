// The sandbox payment provider: decides by the method's name. It never does a
// keyed request twice. Answers follow from the request alone, so they are the same after a restart.
//
//   tok_visa approves   tok_declined declines   tok_3ds wants a confirmation
//   tok_timeout charges, but its answer is lost for two seconds: the adapter asks again by key
//   tok_flaky fails every second attempt: the adapter tries again under the same key
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "actors/payment/provider_types.hpp"

namespace stoa {

class SandboxProvider {
 public:
  // Runs the function after so many milliseconds, or soon at 0, on the caller's thread, never from inside the call.
  using After = std::function<void(int64_t ms, std::function<void()>)>;
  explicit SandboxProvider(After after) : after_(std::move(after)) {}

  // As an EffectAdapter: exactly one `done`.
  void perform(const std::string& key, const std::string& request, std::function<void(std::string)> done);

 private:
  After after_;
  uint64_t flaky_attempts_ = 0;
};

}  // namespace stoa
