// The adapters behind the services' effects: passwords and tokens on threads of their own, the sandbox payment provider
// on the loop.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <list>
#include <map>
#include <memory>
#include <string>

#include "actors/payment/sandbox_provider.hpp"
#include "actors/runtime/loop_world.hpp"
#include "actors/user/credentials.hpp"
#include "app/worker_pool.hpp"
#include "cluster/loop.hpp"

namespace stoa {

class Effects {
 public:
  // Both outlive it, and the loop runs no post of it after its end.
  Effects(const user::KeyRing& keys, Loop& loop);
  ~Effects();

  std::map<std::string, EffectAdapter> adapters();
  // On the threads of the passwords; called back on the loop. An empty hash: there was no memory or no place for it.
  void hash_password(const std::string& password, std::function<void(std::string hash)> done);

 private:
  void after_ms(int64_t ms, std::function<void()> work);

  Loop& loop_;
  const user::Credentials credentials_;
  SandboxProvider provider_;
  std::list<boost::asio::steady_timer> timers_;  // of what the provider answers late
  WorkerPool pool_;                              // last: it ends first
};

}  // namespace stoa
