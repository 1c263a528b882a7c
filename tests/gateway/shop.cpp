#include "tests/gateway/shop.hpp"

#include <boost/asio/post.hpp>
#include <future>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace stoa::test {
namespace {

constexpr uint16_t kThings = 9;

Built thing_from_body(const RouteInput& in) {
  std::vector<FieldError> faults;
  Thing thing = from_json<Thing>(*in.body, faults);
  if (!faults.empty()) return Built::invalid(std::move(faults));
  return Built::at(slot_of(thing.name), thing);
}

Built thing_from_path(const RouteInput& in) {
  return Built::at(5, Thing{in.path.empty() ? in.page.after_sort : in.path[0], in.page.limit});
}

Route& add(Service& s, Verb verb, std::string path, Access access) {
  Route& r = s.routes.emplace_back();
  r.verb = verb;
  r.path = std::move(path);
  r.access = access;
  r.service = kThings;
  r.kind = verb == Verb::kGet ? Route::Kind::kQuery : Route::Kind::kCommand;
  r.takes_body = verb == Verb::kPost || verb == Verb::kPatch || verb == Verb::kPut;
  r.summary = "A thing";
  if (r.takes_body) {
    r.build = thing_from_body;
  } else {
    r.build = thing_from_path;
  }
  return r;
}

}  // namespace

std::vector<Service> thing_services() {
  Service s;
  s.name = "thing";
  s.number = kThings;
  s.refusals = {{"out_of_things", 409, "No thing left"}};
  s.machines = {{"thing", "new", {{"new", "Use", "used"}}}};
  add(s, Verb::kGet, "/v1/things/{id}", Access::kAnyone);
  add(s, Verb::kDelete, "/v1/things/{id}", Access::kAdmin);
  add(s, Verb::kGet, "/v1/things/mine", Access::kHolder);
  Route& create = add(s, Verb::kPost, "/v1/things", Access::kMerchant);
  create.location = "/v1/things/{id}";
  create.place_by_body = true;
  Route& list = add(s, Verb::kGet, "/v1/things", Access::kAnyone);
  list.kind = Route::Kind::kList;
  list.all_shards = true;
  list.query_names = {"q"};
  Route& use = add(s, Verb::kPost, "/v1/uses", Access::kCustomer);
  use.idempotency_key_required = true;
  use.may_wait = true;
  add(s, Verb::kPost, "/v1/carries", Access::kCarrier);
  Route& login = add(s, Verb::kPost, "/v1/sessions", Access::kAnyone);
  login.build = [](const RouteInput&) { return Built::at(1, Thing{"login", 0}); };
  add(s, Verb::kDelete, "/v1/sessions/current", Access::kHolder);
  return {s};
}

std::variant<Verified, AuthFault> NamedRoles::verify(std::string_view bearer, Time now) {
  ++verified_;
  if (bearer == "expired") return AuthFault::kExpired;
  const auto role = value_named<UserRole>(bearer);
  if (!role || *role == UserRole::kAnonymous) return AuthFault::kBadSignature;
  const auto number = static_cast<uint64_t>(*role);
  return Verified{Caller{UserId{Uuid{1, number}}, *role}, after(now, 60'000), Uuid{2, number}};
}

void ScriptedRouter::answer(Held held) {
  boost::asio::post(loop_, [script = script_, held = std::move(held)] { held.reply(script(held.asked), false); });
}

void ScriptedRouter::call(uint16_t, Slot slot, Call call, AnyCommand command, Reply reply) {
  const std::lock_guard lock(mutex_);
  Held held{{slot, std::move(call), std::string(command.name()), command.encoded()}, std::move(reply)};
  asked_.push_back(held.asked);
  if (hold_) return held_.push_back(std::move(held));
  answer(std::move(held));
}

void ScriptedRouter::call_all(uint16_t, Call call, AnyCommand command, Replies replies) {
  const std::lock_guard lock(mutex_);
  asked_.push_back({0, std::move(call), std::string(command.name()), command.encoded()});
  boost::asio::post(loop_, [parts = parts_, replies = std::move(replies)] { replies(parts); });
}

void ScriptedRouter::on_call(Script script) {
  const std::lock_guard lock(mutex_);
  script_ = std::move(script);
}
void ScriptedRouter::on_call_all(std::vector<Answer> answers) {
  const std::lock_guard lock(mutex_);
  parts_ = std::move(answers);
}
void ScriptedRouter::hold(bool on) {
  const std::lock_guard lock(mutex_);
  hold_ = on;
  if (on) return;
  for (Held& held : held_) answer(std::move(held));
  held_.clear();
}
std::vector<ScriptedRouter::Asked> ScriptedRouter::asked() const {
  const std::lock_guard lock(mutex_);
  return asked_;
}
void ScriptedRouter::wait_for_calls(size_t n) const {
  while (asked().size() < n) std::this_thread::yield();
}

GatewayOptions Shop::small_options() {
  GatewayOptions o;
  o.secret = "a secret of the test";
  o.connection.sweep_ms = 5;
  return o;
}

Shop::Shop(GatewayOptions options) {
  gateway_ = std::make_unique<Gateway>(loop, std::move(options),
                                       GatewayParts{router, services, clock, random, roles, metrics, nullptr, &hot});
  const auto started = gateway_->start();
  if (!started) ADD_FAILURE() << started.error().what;
  thread_ = std::thread([this] { loop.run(); });
}

Shop::~Shop() {
  on_loop([this] { gateway_.reset(); });
  guard_.reset();
  loop.stop();
  thread_.join();
}

void Shop::on_loop(const std::function<void()>& work) {
  std::promise<void> done;
  boost::asio::post(loop, [&] { work(), done.set_value(); });
  done.get_future().wait();
}

Wire::Reply Shop::ask(std::string_view method, std::string_view target, std::string_view fields,
                      std::string_view body) const {
  Wire wire(port());
  wire.write(request(method, target, fields, body));
  return wire.read(method == "HEAD");
}

}  // namespace stoa::test
