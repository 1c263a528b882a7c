#include "app/demo_seed.hpp"

#include <array>

#include "actors/product/types.hpp"
#include "actors/service_number.hpp"
#include "actors/user/types.hpp"
#include "base/json.hpp"

namespace stoa {
namespace {

constexpr int64_t kProductsAtOnce = 64;
constexpr int64_t kUsersAtOnce = 4;  // more would only wait for the password threads
constexpr int64_t kStock = 1000;
constexpr int64_t kCallMs = 20'000;

struct DemoLogin {
  const char* email;
  const char* name;
  UserRole role;
};
constexpr std::array<DemoLogin, 4> kLogins = {{{"merchant@demo.stoa", "Mira Merchant", UserRole::kMerchant},
                                               {"customer@demo.stoa", "Carla Customer", UserRole::kCustomer},
                                               {"carrier@demo.stoa", "Caro Carrier", UserRole::kCarrier},
                                               {"admin@demo.stoa", "Ada Admin", UserRole::kAdmin}}};

constexpr std::array<const char*, 8> kAdjectives = {"Quiet", "Bright", "Sturdy", "Soft",
                                                    "Swift", "Plain",  "Warm",   "Clear"};
constexpr std::array<const char*, 10> kThings = {"Lamp", "Kettle",  "Notebook",   "Backpack", "Chair",
                                                 "Mug",  "Blanket", "Headphones", "Umbrella", "Watch"};
constexpr std::array<const char*, 4> kCategories = {"home", "office", "travel", "audio"};

CreateProduct demo_product(int64_t number, UserId merchant) {
  const auto n = static_cast<size_t>(number);
  CreateProduct p;
  p.merchant_id = merchant;
  p.sku = "demo-" + std::to_string(number);
  p.name = std::string(kAdjectives[n % kAdjectives.size()]) + " " + kThings[n / 3 % kThings.size()] + " " +
           std::to_string(number);
  p.description = "Number " + std::to_string(number) + " of the demo shop.";
  p.price = {499 + (number * 737) % 19'500, "EUR"};
  p.category = kCategories[n % kCategories.size()];
  p.attributes = {{"colour", n % 2 ? "blue" : "green"}};
  p.stock = kStock;
  return p;
}

}  // namespace

void DemoSeed::start(std::function<void(std::string)> done) {
  done_ = std::move(done);
  seed_demo_logins(0);
}

void DemoSeed::fail(const std::string& what) {
  if (!failed_) done_(what);
  failed_ = true;
}

Call DemoSeed::call_as(Caller caller) {
  Call call;
  call.caller = caller;
  call.request = RequestId::mint(clock_.now(), 0, random_);
  call.deadline = after(clock_.now(), kCallMs);
  return call;
}

void DemoSeed::seed_user(const std::string& email, const std::string& name, UserRole role,
                         std::function<void(Answer)> then) {
  hash_(kDemoPassword, [this, email, name, role, then = std::move(then)](std::string hash) {
    SeedUser seed{UserId::mint(clock_.now(), slot_of_email(email), random_), email, name, role, std::move(hash)};
    router_.call(service_number::user, seed.id.slot(), call_as({{}, UserRole::kService}),
                 AnyCommand::of(std::move(seed)), [this, then](Answer answer, bool) {
                   if (answer.refused()) return fail("demo user: " + answer.code + ": " + answer.detail);
                   then(std::move(answer));
                 });
  });
}

void DemoSeed::seed_demo_logins(size_t next) {
  if (next == kLogins.size()) return seed_users();
  const DemoLogin& login = kLogins[next];
  seed_user(login.email, login.name, login.role, [this, next](Answer answer) {
    if (kLogins[next].role == UserRole::kMerchant) {
      const auto user = parse_json(answer.body);
      STOA_CHECK(user.ok() && user->contains("id"), "a user shows its id");
      merchant_ = *UserId::parse((*user)["id"].get_ref<const std::string&>());
    }
    seed_demo_logins(next + 1);
  });
}

void DemoSeed::seed_users() {
  each(
      "users", options_.users, kUsersAtOnce,
      [this](int64_t i, std::function<void()> then) {
        const std::string number = std::to_string(i + 1);
        seed_user("user-" + number + "@demo.stoa", "User " + number, UserRole::kCustomer,
                  [then = std::move(then)](const Answer&) { then(); });
      },
      [this] { seed_products(); });
}

void DemoSeed::seed_products() {
  each(
      "products", options_.products, kProductsAtOnce,
      [this](int64_t i, std::function<void()> then) { seed_product(i + 1, std::move(then)); }, [this] { done_({}); });
}

void DemoSeed::seed_product(int64_t number, std::function<void()> then) {
  CreateProduct product = demo_product(number, merchant_);
  const Slot slot = slot_of_sku(merchant_, product.sku);
  product.id = ProductId::mint(clock_.now(), slot, random_);
  router_.call(service_number::product, slot, call_as({merchant_, UserRole::kMerchant}),
               AnyCommand::of(std::move(product)), [this, then = std::move(then)](const Answer& answer, bool) {
                 if (answer.refused() && answer.code != kSkuTaken.code) {
                   return fail("demo product: " + answer.code + ": " + answer.detail);
                 }
                 then();
               });
}

void DemoSeed::each(const char* what, int64_t total, int64_t width,
                    std::function<void(int64_t, std::function<void()>)> step, std::function<void()> next) {
  if (total <= 0) return next();
  run_ = {what, total, 0, 0, std::move(step), std::move(next)};
  for (int64_t i = 0; i < width; ++i) begin_one();
}

void DemoSeed::begin_one() {
  if (failed_ || run_.begun == run_.total) return;
  run_.step(run_.begun++, [this] { one_done(); });
}

void DemoSeed::one_done() {
  progress_(run_.what, ++run_.done, run_.total);
  if (run_.done < run_.total) return begin_one();
  const std::function<void()> next = std::move(run_.next);
  next();
}

}  // namespace stoa
