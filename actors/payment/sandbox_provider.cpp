#include "actors/payment/sandbox_provider.hpp"

#include <utility>

namespace stoa {
namespace {

constexpr int64_t kLostAnswerMs = 2000;
constexpr int64_t kFlakyRetryMs = 50;

ProviderVerdict verdict_of(const ProviderRequest& request) {
  if (request.operation != ProviderOperation::kAuthorize) return ProviderVerdict::kApproved;
  if (request.method == "tok_declined") return ProviderVerdict::kDeclined;
  if (request.method == "tok_3ds") return ProviderVerdict::kRequiresAction;
  return ProviderVerdict::kApproved;
}

}  // namespace

void SandboxProvider::perform(const std::string&, const std::string& request, std::function<void(std::string)> done) {
  const ProviderRequest r = decode_stored<ProviderRequest>(request);
  int64_t wait_ms = 0;
  if (r.operation == ProviderOperation::kAuthorize) {
    if (r.method == "tok_timeout") wait_ms = kLostAnswerMs;
    if (r.method == "tok_flaky" && ++flaky_attempts_ % 2 == 0) {
      ++flaky_attempts_;  // the second try, which succeeds
      wait_ms = kFlakyRetryMs;
    }
  }
  after_(wait_ms, [done = std::move(done), result = encode(ProviderResult{verdict_of(r)})] { done(result); });
}

}  // namespace stoa
