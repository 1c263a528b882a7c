#include "tests/simulation/closing.hpp"

#include <algorithm>
#include <set>

#include "actors/order/records.hpp"
#include "actors/product/records.hpp"
#include "actors/service_number.hpp"
#include "tests/simulation/survey.hpp"

namespace stoa::whole {
namespace {

using nlohmann::json;

constexpr int64_t kAnswersWithinMs = 60'000;  // what was asked when all was broken included
constexpr int64_t kSagasWithinMs = 90'000;    // an order is given up after a minute
// Five seconds where nothing goes wrong. What was asked while all was broken waits for its deadline first, and is asked
// again after a pause of five seconds at most.
constexpr int64_t kReleasedWithinMs = 15'000;
constexpr int64_t kOverdueWithinMs = 20 * 60'000;
constexpr int64_t kInPlaceWithinMs = 60'000;  // every shard, four at a time
constexpr int64_t kAlikeWithinMs = 20'000;
constexpr const char* kAdmin = "admin-1";

const char* name_of(Role role) {
  return role == Role::kLeader ? " leads" : role == Role::kFollower ? " follows" : " stands for election";
}

// As the leader sees it.
std::string progress_of(const Replica& leader, ReplicaId id) {
  static constexpr const char* kStates[] = {"probed", "fed", "waits for a snapshot"};
  CoreProgress at{};
  if (!leader.leads_ready() || !leader.progress(id, at)) return "";
  return " (has " + std::to_string(at.matched) + " of " + std::to_string(leader.last_index()) + ", " +
         kStates[at.state] + (at.active != 0 ? ")" : ", not heard)");
}

}  // namespace

void Closing::run(const std::vector<std::unique_ptr<Client>>& clients) {
  for (const auto& client : clients) client->finish();
  const auto all_know = [&] {
    return std::all_of(clients.begin(), clients.end(), [](const auto& client) { return client->idle(); });
  };
  if (!wait("every client knows what became of its request", kAnswersWithinMs, all_know)) return;
  if (!members_in_place()) return;
  settle_orders();
  if (!wait("what finished sagas held is released", kReleasedWithinMs, [&] { return quiet(); })) return;
  compare_orders();
  compare_lists();
  compare_stock();
  compare_replicas();
}

// What was begun about members is done, and every shard is where it should be.
bool Closing::members_in_place() {
  return wait(operator_.doing().c_str(), kInPlaceWithinMs, [&] { return operator_.idle(); }) &&
         wait("every replica is in its place", kInPlaceWithinMs, [&] { return all_in_place(cluster_); });
}

std::string Closing::replicas() const {
  std::string all;
  for (size_t i = 0; i < cluster_.size(); ++i) {
    if (cluster_.retired(i)) continue;
    all += "\n" + cluster_.name(i) + " sees";
    for (const std::string& peer : cluster_.running(i)->mesh().nodes_up()) all += " " + peer;
    for (const auto& hosted : cluster_.running(i)->host().shards()) {
      const Replica& replica = hosted->shard->replica();
      all += "\n" + hosted->probe->name + " on " + cluster_.name(i) + ": replica " + std::to_string(replica.id()) +
             name_of(replica.role()) + " in term " + std::to_string(replica.term()) + ", applied " +
             std::to_string(hosted->state->applied()) + " of " + std::to_string(replica.last_index()) + ", knows " +
             std::to_string(replica.leader()) + " as leader" + (hosted->state->installing() ? ", installing" : "") +
             ", voters";
      for (const ReplicaId id : replica.members().voters) all += " " + std::to_string(id) + progress_of(replica, id);
      for (const ReplicaId id : replica.members().learners)
        all += ", learner " + std::to_string(id) + progress_of(replica, id);
    }
  }
  return all;
}

bool Closing::wait(const char* what, int64_t ms, const std::function<bool()>& done) {
  if (cluster_.findings().any()) return false;
  cluster_.run_until(cluster_.schedule().now_ms() + ms, done);
  if (!cluster_.findings().any() && !done())
    cluster_.findings().add(std::string("progress: not in time: ") + what + replicas());
  return !cluster_.findings().any();
}

Response Closing::must(const Question& question) {
  Response got;
  bool settled = false, asking = false;
  wait(("an answer to " + question.method + " " + question.target).c_str(), kAnswersWithinMs, [&] {
    if (settled || asking) return settled;
    asking = true;
    cluster_.ask(cluster_.schedule().random().below(cluster_.size()), question, [&](const Response* response) {
      asking = false;
      settled = !is_transient(response);
      if (settled) got = *response;
    });
    return false;
  });
  return got;
}

// Nobody waits for anything: no saga is open, no message unanswered, no batch on its way.
bool Closing::quiet() {
  std::map<GroupId, int> leaders;
  for (size_t i = 0; i < cluster_.size(); ++i) {
    if (cluster_.retired(i)) continue;
    STOA_CHECK(cluster_.running(i) != nullptr, "after healing every node runs");
    for (const auto& hosted : cluster_.running(i)->host().shards()) {
      if (!hosted->shard->leads()) continue;
      ++leaders[hosted->group];
      const ShardGauges& g = hosted->shard->gauges();
      if (g.open_sagas != 0 || g.outbox != 0 || g.in_flight != 0 || g.queued != 0) return false;
    }
  }
  size_t groups = 1;
  for (const auto& [service, shards] : cluster_.config().shards) groups += shards;
  return leaders.size() == groups;
}

// An order whose payment nobody confirms is cancelled by its customer.
void Closing::settle_orders() {
  std::vector<std::string> waiting;
  for (const auto& [id, order] : shop_.orders) {
    if (order.status == "pending") waiting.push_back(id);
  }
  for (const std::string& id : waiting) {
    const Shop::Order& order = shop_.orders.at(id);
    const Question read{"GET", "/v1/orders/" + id, order.customer, ""};
    const int64_t until = cluster_.schedule().now_ms() + kSagasWithinMs;
    while (order.status == "pending" && !cluster_.findings().any()) {
      const int64_t floor = order.floor;
      const Response r = must(read);
      if (r.status != 200) return shop_.unexpected(read, r);
      shop_.saw_order(r.body, order.customer, floor, true);
      if (order.wants_confirmation) {
        Question cancel{"POST", "/v1/orders/" + id + "/cancel", order.customer, "{}", {{"Idempotency-Key", "end"}}};
        if (must(cancel).status != 200) cluster_.run_until(cluster_.schedule().now_ms() + 200, [] { return false; });
      }
      cluster_.run_until(cluster_.schedule().now_ms() + 500, [] { return false; });
      if (cluster_.schedule().now_ms() > until) cluster_.findings().add("progress: an order stays pending: " + id);
    }
  }
}

void Closing::compare_orders() {
  std::vector<std::pair<std::string, std::string>> all;
  for (const auto& [id, order] : shop_.orders) all.emplace_back(id, order.customer);
  for (const auto& [id, customer] : all) {
    if (cluster_.findings().any()) return;
    const int64_t floor = shop_.order_floor(id);
    const Question question{"GET", "/v1/orders/" + id, customer, ""};
    const Response r = must(question);
    if (r.status == 404) return shop_.missed_order(id, floor);
    if (r.status != 200) return shop_.unexpected(question, r);
    shop_.saw_order(r.body, customer, floor, true);
    compare_order(id, json::parse(r.body));
  }
}

// With its payment, its shipment, and what the provider holds.
void Closing::compare_order(const std::string& id, const json& order) {
  const std::string status = order["status"];
  bool confirmed = false;
  int64_t seq = 0;
  for (const json& entry : order["history"]) {
    if (entry["seq"] != ++seq) cluster_.findings().add("I6: a gap in the history of " + id);
    confirmed = confirmed || entry["event"] == "OrderConfirmed";
  }
  for (const json& line : order["lines"]) {
    if (confirmed) sold_[line["product_id"]] += line["quantity"].get<int64_t>();
    if (confirmed && status == "cancelled") returned_[line["product_id"]] += line["quantity"].get<int64_t>();
  }
  const auto uuid = Uuid::from_hex(id.substr(4));
  const Provider::Account money = cluster_.provider().account(*uuid);
  const std::string found = id + " is " + status + ", the provider holds " + std::to_string(money.held) + " and took " +
                            std::to_string(money.taken);
  const Question pay{"GET", "/v1/payments/pay_" + id.substr(4), kAdmin, ""};
  const Question ship{"GET", "/v1/shipments/shp_" + id.substr(4), kAdmin, ""};
  const Response paid = must(pay), shipped = must(ship);
  const json payment = json::parse(paid.body, nullptr, false), shipment = json::parse(shipped.body, nullptr, false);
  if (status == "rejected" || status == "cancelled") {
    if (money.held != 0 || money.taken != 0) cluster_.findings().add("I3: " + found);
    if (shipped.status == 200 && shipment["status"] == "booked") cluster_.findings().add("I3: a booking stays: " + id);
    return;
  }
  if (paid.status != 200) return shop_.unexpected(pay, paid);
  if (shipped.status != 200) return shop_.unexpected(ship, shipped);
  const int64_t total = order["total"]["amount"],
                taken = payment["captured"]["amount"].get<int64_t>() - payment["refunded"]["amount"].get<int64_t>();
  const bool held = payment["status"] == "authorized";
  if (payment["amount"]["amount"] != total || money.taken != taken || money.held != (held ? total : 0)) {
    cluster_.findings().add("I2: " + found + ", its payment is " + paid.body);
  }
  if (shipment["status"] == "cancelled") cluster_.findings().add("I3: " + found + ", its shipment is cancelled");
}

// No order is there twice for one key: whatever took effect is one that its customer knows.
void Closing::compare_lists() {
  std::map<std::string, size_t> known;
  for (const auto& [id, order] : shop_.orders) ++known[order.customer];
  for (const auto& [customer, count] : known) {
    size_t listed = 0;
    std::string cursor;
    do {
      const Question question{"GET", "/v1/orders?limit=100" + (cursor.empty() ? "" : "&cursor=" + cursor), customer,
                              ""};
      const Response r = must(question);
      if (cluster_.findings().any()) return;
      if (r.status != 200) return shop_.unexpected(question, r);
      const json page = json::parse(r.body);
      for (const json& order : page["items"]) {
        const bool is_known = shop_.orders.count(order["id"]) != 0;
        listed += is_known ? 1 : 0;
        if (!is_known && order["status"] != "rejected")
          cluster_.findings().add("I5: an order that nobody was told of: " + order.dump());
      }
      cursor = page["next_cursor"].is_string() ? page["next_cursor"].get<std::string>() : "";
    } while (!cursor.empty());
    if (listed != count) cluster_.findings().add("I4: " + customer + " knows of more orders than its list shows");
  }
}

// Whether a reservation is still held for an order that there is: nothing would be on its way to end it.
bool Closing::held_by_known_orders() {
  std::set<Uuid> known, held;
  for (size_t i = 0; i < cluster_.size(); ++i) {
    if (cluster_.retired(i)) continue;
    for (const auto& hosted : cluster_.running(i)->host().shards()) {
      if (!hosted->shard->leads()) continue;
      const Reader reader(*hosted->state, hosted->group.shard, Time{0});
      if (hosted->group.service == service_number::order)
        reader.scan<OrderRecord>(std::tuple<>(), false,
                                 [&](const OrderRecord& r) { return known.insert(r.id.uuid), true; });
      if (hosted->group.service != service_number::product) continue;
      reader.scan<ReservationRecord>(std::tuple<>(), false, [&](const ReservationRecord& r) {
        if (r.state == ReservationState::kHeld) held.insert(r.order_id.uuid);
        return true;
      });
    }
  }
  orphans_ = !held.empty();
  return std::any_of(held.begin(), held.end(), [&](const Uuid& order) { return known.count(order) != 0; });
}

// Stock may be asked for beside the commit of its order; where that commit was lost nobody knows of the reservation
// until it is overdue.
void Closing::wait_for_orphans() {
  if (held_by_known_orders()) return cluster_.findings().add("I3: stock is held for an order that has ended");
  if (!orphans_) return;
  const int64_t until = cluster_.schedule().now_ms() + kOverdueWithinMs;
  while (orphans_ && !cluster_.findings().any()) {
    cluster_.run_until(cluster_.schedule().now_ms() + 10'000, [] { return false; });
    (void)held_by_known_orders();
    if (cluster_.schedule().now_ms() > until)
      cluster_.findings().add("progress: stock stays held for orders that never began");
  }
  wait("what overdue reservations led to is done", kReleasedWithinMs, [&] { return quiet(); });
}

void Closing::compare_stock() {
  wait_for_orphans();
  for (Shop::Product& product : shop_.products) {
    if (cluster_.findings().any()) return;
    const Question question{"GET", "/v1/products/" + product.id + "/stock", kAdmin, ""};
    const int64_t floor = product.floor;
    const Response r = must(question);
    if (r.status != 200) return shop_.unexpected(question, r);
    shop_.saw_stock(product, r.body, floor);
    const int64_t expected = product.initial + product.adjusted - sold_[product.id] + returned_[product.id];
    const json stock = json::parse(r.body);
    if (stock["on_hand"] == expected && stock["reserved"] == 0) continue;
    cluster_.findings().add("I1: " + product.id + " has " + r.body + ", expected on hand: " + std::to_string(expected) +
                            " = " + std::to_string(product.initial) + " at first + " +
                            std::to_string(product.adjusted) + " adjusted - " + std::to_string(sold_[product.id]) +
                            " sold + " + std::to_string(returned_[product.id]) + " returned");
  }
}

void Closing::compare_replicas() {
  const auto alike = [&] {
    std::map<GroupId, Index> furthest;
    std::map<GroupId, int> counted;
    bool all = true;
    for (int round = 0; round < 2; ++round) {
      for (size_t i = 0; i < cluster_.size(); ++i) {
        if (cluster_.retired(i)) continue;
        for (const auto& hosted : cluster_.running(i)->host().shards()) {
          const Index applied = hosted->state->installing() ? 0 : hosted->state->applied();
          Index& most = furthest[hosted->group];
          if (round == 0) most = std::max(most, applied);
          all = all && (round == 0 || applied == most);
        }
      }
    }
    return all;
  };
  if (!wait("all replicas of a shard come to the same index", kAlikeWithinMs, alike)) return;
  for (size_t i = 0; i < cluster_.size(); ++i) {
    if (!cluster_.retired(i)) cluster_.running(i)->look_at_all();
  }
}

}  // namespace stoa::whole
