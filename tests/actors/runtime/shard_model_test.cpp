// A node's shards against a plain account of what was asked and answered, under random commands, repeats, timers,
// sagas, waits that run out, crashes and restarts. STOA_SIMULATION_SEED replays one seed; a failure names its own.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <gtest/gtest.h>
#include <list>
#include <set>

#include "actors/runtime/idempotency.hpp"
#include "tests/actors/runtime/node_of_one.hpp"

namespace stoa {
namespace {

constexpr const char* kSeeds = "250";
constexpr int kActs = 60;
// More than a counter holds, either way; what is added in earnest stays far below.
constexpr int64_t kTooMuch = 5000;

// One command, and what is known of it.
struct Deed {
  enum class Kind { kAdd, kLater, kMove } kind = Kind::kAdd;
  Slot slot = 0;
  std::string counter;  // of an Add, now or later
  int64_t by = 0;
  Uuid move;
  AnyCommand command = AnyCommand::of(Add{});
  Call call;
  std::optional<Answer> answer;  // the first
  bool asked = false;            // is on its way
};

bool is_recorded(const Answer& answer) { return !answer.refused() || is_recorded_refusal(answer.code); }
// The runtime's own, which say nothing of the effect.
bool is_no_answer(const Answer& answer) {
  return answer.code == kUnavailable.code || answer.code == kUnknownFate.code || answer.code == kNotLeader.code ||
         answer.code == kOverloaded.code;
}

class Account {
 public:
  explicit Account(uint64_t seed) : dice_(seed) { boot(); }

  void act() {
    switch (dice_.below(12)) {
      case 0:
      case 1:
      case 2:
      case 3:
        return begin(new_add());
      case 4:
        return begin(new_later());
      case 5:
      case 6:
        return begin(new_move());
      case 7:
        return repeat();
      case 8:
        return use_key_again();
      case 9:
        return look();
      case 10:
        return pass_time();
      default:
        return dice_.below(3) == 0 ? fall() : settle_all();
    }
  }

  // Everything unanswered is asked again until it is answered, and nothing is left to do.
  void finish() {
    settle_all();
    until([&] { return quiet(); });
    check_effects();
  }

 private:
  // ---- what is asked ----

  Deed& add_deed(Deed::Kind kind, Slot slot, AnyCommand command) {
    Deed& deed = deeds_.emplace_back();
    deed.kind = kind;
    deed.slot = slot;
    deed.command = std::move(command);
    deed.call.request = RequestId::mint(disk_.clock.now(), slot, dice_);
    if (dice_.below(2) == 0) {
      deed.call.idempotency_scope = "key" + std::to_string(deeds_.size());
      deed.call.body_hash = "body" + std::to_string(deeds_.size());
    }
    return deed;
  }

  std::string a_counter() { return "c" + std::to_string(dice_.below(3)); }

  Deed& new_add() {
    const std::string name = a_counter();
    int64_t by = static_cast<int64_t>(1 + dice_.below(5));
    if (dice_.below(5) == 0) by = dice_.below(2) == 0 ? kTooMuch : -kTooMuch;
    Deed& deed = add_deed(Deed::Kind::kAdd, slot_of(name), AnyCommand::of(Add{name, by}));
    deed.counter = name;
    deed.by = by;
    return deed;
  }

  Deed& new_later() {
    // A name of its own: a timer of the same name would take this one's place.
    const std::string name = "t" + std::to_string(deeds_.size());
    const auto in_ms = static_cast<int64_t>(dice_.below(4000));
    Deed& deed = add_deed(Deed::Kind::kLater, slot_of(name), AnyCommand::of(AddLater{{name, 3}, in_ms}));
    deed.counter = name;
    deed.by = 3;
    return deed;
  }

  Deed& new_move() {
    const Uuid id = mint_uuid(disk_.clock.now(), 0, dice_);
    std::string from = a_counter(), to = "m" + std::to_string(dice_.below(2));
    if (dice_.below(2) == 0) std::swap(from, to);
    const auto by = static_cast<int64_t>(1 + dice_.below(6));
    const Slot slot = static_cast<Slot>(dice_.below(kSlots));
    Deed& deed = add_deed(Deed::Kind::kMove, slot, AnyCommand::of(Move{id, from, to, by}));
    deed.move = id;
    deed.by = by;
    static const int64_t kWaits[] = {-1, -1, 0, 150};
    deed.call.wait_ms = kWaits[dice_.below(4)];
    return deed;
  }

  void begin(Deed& deed) {
    deed.asked = true;
    Call call = deed.call;
    call.deadline = after(disk_.clock.now(), 10'000);
    node_->begin_any(deed.slot, deed.command, call, [this, &deed](Answer answer, bool) {
      deed.asked = false;
      if (!is_no_answer(answer)) answered(deed, std::move(answer));
    });
    if (dice_.below(2) == 0) until([&] { return !deed.asked; });
  }

  void answered(Deed& deed, Answer answer) {
    if (deed.answer && is_recorded(*deed.answer)) {
      EXPECT_EQ(encode(answer), encode(*deed.answer)) << "one key, one answer";
      return;
    }
    deed.answer = std::move(answer);
  }

  // The same request again, as the router may; one that is too old to be known must do nothing.
  void repeat() {
    if (deeds_.empty()) return;
    Deed& deed = any_deed();
    if (!deed.asked) begin(deed);
  }

  // Another request under a key: the same body gets the same answer, another body none.
  void use_key_again() {
    Deed* deed = deeds_.empty() ? nullptr : &any_deed();
    if (!deed || deed->call.idempotency_scope.empty() || !deed->answer || !is_recorded(*deed->answer)) return;
    Call call = deed->call;
    call.request = RequestId::mint(disk_.clock.now(), deed->slot, dice_);
    call.deadline = after(disk_.clock.now(), 10'000);
    const bool other_body = dice_.below(3) == 0;
    if (other_body) call.body_hash = "another";
    std::optional<Answer> answer;
    bool replayed = false;
    node_->begin_any(deed->slot, deed->command, call, [&](Answer a, bool r) {
      answer = std::move(a);
      replayed = r;
    });
    until([&] { return answer.has_value(); });
    if (!answer) return;
    if (other_body) {
      EXPECT_EQ(answer->code, kIdempotencyKeyReused.code);
    } else {
      EXPECT_EQ(encode(*answer), encode(*deed->answer));
      EXPECT_TRUE(replayed);
    }
  }

  // A read shows at least what was acknowledged before it was asked.
  void look() {
    const std::string name = a_counter();
    int64_t least = 0;
    bool moves = false;
    for (const Deed& deed : deeds_) {
      moves = moves || deed.kind == Deed::Kind::kMove;
      if (deed.kind == Deed::Kind::kAdd && deed.counter == name && is_done(deed)) least += deed.by;
    }
    if (moves || least == 0) return;
    const auto shown = node_->call(slot_of(name), Show{name});
    if (shown) {
      EXPECT_GE(value_of(*shown), least);
    }
  }

  // ---- what happens ----

  void pass_time() {
    disk_.clock.advance_ms(static_cast<int64_t>(dice_.below(3000)));
    node_->host().tick();
    node_->step();
  }

  // The machine goes down, now or in the middle of a write to come, and comes up again.
  void fall() {
    const bool cut_journal = dice_.below(3) != 0, cut_state = dice_.below(3) == 0;
    if (cut_journal) disk_.journal.cut_power_at(disk_.journal.operations() + dice_.below(6));
    if (cut_state) disk_.database.cut_power_at(disk_.database.operations() + dice_.below(3));
    begin_without_waiting();
    for (int steps = static_cast<int>(dice_.below(30)); node_->alive() && steps > 0; --steps) node_->step();
    node_->kill();
    node_.reset();
    disk_.crash(dice_);
    for (Deed& deed : deeds_) deed.asked = false;
    boot();
  }

  void begin_without_waiting() {
    for (int more = 3; more > 0; --more) {
      Deed& deed = dice_.below(2) == 0 ? new_add() : new_move();
      deed.asked = true;
      Call call = deed.call;
      call.deadline = after(disk_.clock.now(), 10'000);
      node_->begin_any(deed.slot, deed.command, call, [this, &deed](Answer answer, bool) {
        deed.asked = false;
        if (!is_no_answer(answer)) answered(deed, std::move(answer));
      });
    }
  }

  // Each boot has randomness of its own: ids that come twice would lose messages.
  void boot() { node_ = std::make_unique<NodeOfOne>(disk_, dice_.u64()); }

  void until(const std::function<bool()>& done) {
    node_->run_until(done);
    if (!node_->alive()) {  // a cut that came later than the fall it was meant for
      node_.reset();
      disk_.crash(dice_);
      for (Deed& deed : deeds_) deed.asked = false;
      boot();
    }
  }

  void settle_all() {
    for (Deed& deed : deeds_) {
      for (int tries = 0; !deed.answer && tries < 100; ++tries) {
        if (is_forgotten(deed)) break;
        if (!deed.asked) begin(deed);
        until([&] { return !deed.asked; });
      }
    }
  }

  // Too old to be asked again: whether it took effect is found out by looking.
  bool is_forgotten(const Deed& deed) const {
    return !deed.asked && after(deed.call.request.uuid.time(), kRequestMaxAgeMs) < disk_.clock.now();
  }

  bool quiet() const {
    for (const auto& hosted : node_->host().shards()) {
      const ShardGauges& g = hosted->shard->gauges();
      if (g.open_sagas != 0 || g.outbox != 0 || g.in_flight != 0 || g.queued != 0 || g.timers != 0) return false;
    }
    return true;
  }

  // ---- what must be so ----

  static bool is_done(const Deed& deed) { return deed.answer && !deed.answer->refused(); }

  template <class R>
  std::vector<R> rows() const {
    std::vector<R> found;
    for (const auto& hosted : node_->host().shards()) {
      const Reader reader(*hosted->state, hosted->group.shard, disk_.clock.now());
      reader.scan<R>(std::tuple<>(), false, [&](R row) { return found.push_back(std::move(row)), true; });
    }
    return found;
  }

  void check_effects() {
    std::map<std::string, int64_t> least, most;
    for (const Deed& deed : deeds_) {
      if (deed.kind == Deed::Kind::kMove || std::abs(deed.by) == kTooMuch) continue;
      if (is_done(deed)) least[deed.counter] += deed.by;
      if (is_done(deed) || !deed.answer) most[deed.counter] += deed.by;
    }
    std::map<Uuid, int> halves;
    for (const counter::Shifted& half : rows<counter::Shifted>()) {
      ++halves[half.id];
      least[half.name] += half.by;
      most[half.name] += half.by;
    }
    std::set<std::string> seen;
    for (const counter::Counter& c : rows<counter::Counter>()) {
      seen.insert(c.name);
      EXPECT_GE(c.value, least[c.name]) << c.name << ": something acknowledged is lost";
      EXPECT_LE(c.value, most[c.name]) << c.name << ": something counts twice, or a refusal left something";
    }
    for (const auto& [name, value] : least) EXPECT_TRUE(value == 0 || seen.count(name) == 1) << name;
    for (const Deed& deed : deeds_) check_answer(deed, halves[deed.move]);
    EXPECT_TRUE(rows<SagaRow>().empty());
    EXPECT_TRUE(rows<OutboxRow>().empty());
    std::set<Uuid> late;
    for (const LateAnswerRow& row : rows<LateAnswerRow>()) late.insert(row.token);
    for (const AnswerRow& row : rows<AnswerRow>()) {
      EXPECT_TRUE(row.answered || late.count(row.token) == 1) << "whoever waited is answered";
    }
  }

  static void check_answer(const Deed& deed, int halves) {
    if (deed.kind != Deed::Kind::kMove) {
      EXPECT_TRUE(std::abs(deed.by) != kTooMuch || !deed.answer || deed.answer->code == "out_of_stock");
      return;
    }
    EXPECT_NE(halves, 1) << "a move is done whole or not at all";
    if (!deed.answer) return;
    const bool moved = is_done(deed) && static_cast<Done>(deed.answer->done) == Done::kCreated;
    EXPECT_TRUE(!moved || halves == 2) << "what was confirmed is done";
    EXPECT_TRUE(!deed.answer->refused() || halves == 0) << "what was refused is not";
  }

  static int64_t value_of(const Answer& shown) {
    const size_t at = shown.body.find("\"value\":");
    return at == std::string::npos ? 0 : std::strtoll(shown.body.c_str() + at + 8, nullptr, 10);
  }

  Deed& any_deed() {
    auto at = deeds_.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(dice_.below(deeds_.size())));
    return *at;
  }

  SeededRandom dice_;
  MemoryDisk1 disk_;
  std::list<Deed> deeds_;  // callbacks point into it
  std::unique_ptr<NodeOfOne> node_;
};

uint64_t running_seed = 0;
void name_the_seed(int) {
  std::fprintf(stderr, "replay with STOA_SIMULATION_SEED=%llu\n", (unsigned long long)running_seed);
}

void run_seed(uint64_t seed) {
  running_seed = seed;
  SCOPED_TRACE("replay with STOA_SIMULATION_SEED=" + std::to_string(seed));
  Account account(seed);
  for (int acts = 0; acts < kActs && !testing::Test::HasFailure(); ++acts) account.act();
  account.finish();
}

TEST(ShardModel, HoldsUnderAnySeed) {
  std::signal(SIGABRT, name_the_seed);  // a broken invariant aborts
  if (const char* one = std::getenv("STOA_SIMULATION_SEED")) return run_seed(std::strtoull(one, nullptr, 10));
  const char* wanted = std::getenv("STOA_SIMULATION_SEEDS");
  const uint64_t seeds = std::strtoull(wanted ? wanted : kSeeds, nullptr, 10);
  for (uint64_t seed = 1; seed <= seeds && !testing::Test::HasFailure(); ++seed) run_seed(seed);
}

}  // namespace
}  // namespace stoa
