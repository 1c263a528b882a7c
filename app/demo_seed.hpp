// The demo shop of `stoa dev`: demo logins, products and, if asked for, many users; made through the same router as any
// request, with passwords hashed by the real parameters. What is there already is left alone.
#pragma once

#include <functional>
#include <string>

#include "actors/runtime/router.hpp"
#include "actors/runtime/service.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"

namespace stoa {

struct DemoSeedOptions {
  int64_t products = 200;
  int64_t users = 0;
};

inline constexpr const char* kDemoPassword = "correct-horse-battery";

class DemoSeed {
 public:
  // Hashes a password off the loop and calls back on it.
  using Hash = std::function<void(const std::string& password, std::function<void(std::string hash)>)>;
  // One step of the work is done: what of, how many of how many.
  using Progress = std::function<void(const char* what, int64_t done, int64_t total)>;

  // All outlive the seed.
  DemoSeed(DemoSeedOptions options, Router& router, const Clock& clock, Random& random, Hash hash, Progress progress)
      : options_(options),
        router_(router),
        clock_(clock),
        random_(random),
        hash_(std::move(hash)),
        progress_(std::move(progress)) {}

  // On the loop. `done` gets an empty text, or what failed.
  void start(std::function<void(std::string fault)> done);

 private:
  void seed_demo_logins(size_t next);
  void seed_users();
  void seed_products();
  // Keeps `width` of `total` steps under way; then goes on with `next`. One run at a time.
  struct Run {
    const char* what = "";
    int64_t total = 0, begun = 0, done = 0;
    std::function<void(int64_t, std::function<void()>)> step;
    std::function<void()> next;
  };
  void each(const char* what, int64_t total, int64_t width, std::function<void(int64_t, std::function<void()>)> step,
            std::function<void()> next);
  void begin_one();
  void one_done();
  void seed_user(const std::string& email, const std::string& name, UserRole role, std::function<void(Answer)> then);
  void seed_product(int64_t number, std::function<void()> then);
  Call call_as(Caller caller);
  void fail(const std::string& what);

  const DemoSeedOptions options_;
  Router& router_;
  const Clock& clock_;
  Random& random_;
  const Hash hash_;
  const Progress progress_;
  std::function<void(std::string)> done_;
  UserId merchant_;
  Run run_;
  bool failed_ = false;
};

}  // namespace stoa
