// How a node asks the catalog.
#pragma once

#include <functional>

#include "actors/runtime/router.hpp"
#include "actors/service_number.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"

namespace stoa {

// All outlive it; everything happens on the router's loop.
class CatalogCaller {
 public:
  CatalogCaller(Router& router, const Clock& clock, Random& random) : router_(router), clock_(clock), random_(random) {}

  using OnAnswer = std::function<void(const Answer&)>;

  // A command takes effect once, however often it is repeated on its way.
  template <class C>
  void command(UserRole role, C command, OnAnswer on_answer) {
    Call call = envelope(role);
    call.request = RequestId::mint(clock_.now(), 0, random_);
    send(std::move(call), AnyCommand::of(std::move(command)), std::move(on_answer));
  }
  template <class Q>
  void query(UserRole role, Q query, OnAnswer on_answer) {
    send(envelope(role), AnyCommand::of(std::move(query)), std::move(on_answer));
  }

  const Clock& clock() const { return clock_; }

 private:
  static constexpr int64_t kDeadlineMs = 5000;

  Call envelope(UserRole role) const {
    Call call;
    call.caller.role = role;
    call.deadline = after(clock_.now(), kDeadlineMs);
    return call;
  }
  void send(Call call, AnyCommand command, OnAnswer on_answer) {
    router_.call(service_number::catalog, 0, std::move(call), std::move(command),
                 [on_answer = std::move(on_answer)](const Answer& answer, bool) { on_answer(answer); });
  }

  Router& router_;
  const Clock& clock_;
  Random& random_;
};

}  // namespace stoa
