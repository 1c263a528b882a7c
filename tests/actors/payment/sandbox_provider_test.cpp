#include "actors/payment/sandbox_provider.hpp"

#include <gtest/gtest.h>
#include <map>
#include <string>
#include <vector>

namespace stoa {
namespace {

// The provider under a clock that the test moves.
struct Sandbox {
  std::multimap<int64_t, std::function<void()>> timers;
  int64_t now_ms = 0;
  SandboxProvider provider{[this](int64_t ms, std::function<void()> f) { timers.emplace(now_ms + ms, std::move(f)); }};

  struct Answered {
    ProviderVerdict verdict;
    int64_t after_ms;
  };
  Answered ask(const std::string& method, ProviderOperation operation = ProviderOperation::kAuthorize) {
    const int64_t begun = now_ms;
    std::vector<std::string> results;
    provider.perform("key", encode(ProviderRequest{operation, {}, {1, "EUR"}, method}),
                     [&](std::string r) { results.push_back(std::move(r)); });
    EXPECT_TRUE(results.empty()) << "never from inside the call";
    while (!timers.empty()) {
      now_ms = timers.begin()->first;
      auto f = std::move(timers.begin()->second);
      timers.erase(timers.begin());
      f();
    }
    EXPECT_EQ(results.size(), 1u);
    return {decode_stored<ProviderResult>(results.at(0)).verdict, now_ms - begun};
  }
};

TEST(SandboxProvider, DecidesByTheMethod) {
  const std::tuple<const char*, ProviderVerdict, int64_t> rows[] = {{"tok_visa", ProviderVerdict::kApproved, 0},
                                                                    {"tok_declined", ProviderVerdict::kDeclined, 0},
                                                                    {"tok_3ds", ProviderVerdict::kRequiresAction, 0},
                                                                    {"tok_timeout", ProviderVerdict::kApproved, 2000}};
  for (const auto& [method, verdict, after_ms] : rows) {
    Sandbox sandbox;
    const auto answered = sandbox.ask(method);
    EXPECT_EQ(answered.verdict, verdict) << method;
    EXPECT_EQ(answered.after_ms, after_ms) << method;
  }
}

TEST(SandboxProvider, EndsWellThoughEverySecondAttemptFails) {
  Sandbox sandbox;
  bool tried_again = false;
  for (int i = 0; i < 6; ++i) {
    const auto answered = sandbox.ask("tok_flaky");
    EXPECT_EQ(answered.verdict, ProviderVerdict::kApproved);
    tried_again |= answered.after_ms > 0;
  }
  EXPECT_TRUE(tried_again);
}

TEST(SandboxProvider, ApprovesWhateverFollowsAnAuthorisation) {
  for (const auto operation : {ProviderOperation::kConfirm, ProviderOperation::kVoid, ProviderOperation::kCapture,
                               ProviderOperation::kRefund}) {
    for (const char* method : {"tok_visa", "tok_3ds", "tok_declined", ""}) {
      EXPECT_EQ(Sandbox().ask(method, operation).verdict, ProviderVerdict::kApproved);
    }
  }
}

}  // namespace
}  // namespace stoa
