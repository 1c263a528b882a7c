// One shard's state for tests of rules: runs a rule in a transaction as a shard would, keeps what it wrote, and
// collects what it sent, set, emitted and answered. No actors, no disk, and time stands still until the test moves it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/call.hpp"
#include "base/outcome.hpp"
#include "base/random.hpp"
#include "storage/memory_view.hpp"
#include "storage/transaction.hpp"

namespace stoa {

inline Call call_by(UserRole role, UserId user = {}) {
  Call call;
  call.caller = {user, role};
  return call;
}
inline Call call_by_service() { return call_by(UserRole::kService); }

class RulesFixture {
 public:
  explicit RulesFixture(uint16_t shard = 0, uint64_t seed = 1) : random(seed), shard_(shard) {}

  // What the command came to. A refusal leaves the state alone; everything else is kept as if committed.
  template <class C>
  Outcome run(Outcome (*rule)(const C&, const Call&, Transaction&), const C& command,
              const Call& call = call_by_service()) {
    Transaction tx(state, shard_, now, random);
    tx.savepoint();
    Outcome outcome = rule(command, call, tx);
    if (outcome.is_refused()) tx.roll_back();
    writes = tx.writes().size();
    state.apply(tx.writes());
    move_all(tx.outgoing(), outgoing);
    move_all(tx.facts(), facts);
    move_all(tx.answers(), answers);
    for (TimerChange& t : tx.timers()) {
      if (t.due == Time{0})
        timers.erase({t.command, t.key});
      else
        timers[{t.command, t.key}] = std::move(t);
    }
    return outcome;
  }

  // Runs what the test needs done. REQUIRES that it is not refused.
  template <class C>
  void must(Outcome (*rule)(const C&, const Call&, Transaction&), const C& command,
            const Call& call = call_by_service()) {
    const Outcome outcome = run(rule, command, call);
    STOA_CHECK(!outcome.is_refused(), outcome.answer.detail);
  }

  template <class Q>
  Outcome ask(Outcome (*query)(const Q&, const Call&, const Reader&), const Q& question,
              const Call& call = call_by_service()) const {
    return query(question, call, reader());
  }

  Reader reader() const { return Reader(state, shard_, now); }

  template <class R, class K>
  std::optional<R> find(const K& key) const {
    return reader().find<R>(key);
  }
  template <class R>
  std::vector<R> all() const {
    std::vector<R> found;
    reader().scan<R>(std::tuple<>(), false, [&](R r) { return found.push_back(std::move(r)), true; });
    return found;
  }

  // The commands of one kind that were sent so far, oldest first; likewise the facts of one kind.
  template <class C>
  std::vector<C> sent() const {
    std::vector<C> found;
    for (const Outgoing& o : outgoing) {
      if (o.command == C::kName) found.push_back(*decode<C>(o.payload));
    }
    return found;
  }
  template <class E>
  std::vector<E> emitted() const {
    std::vector<E> found;
    for (const Fact& f : facts) {
      if (f.event == E::kName) found.push_back(*decode<E>(f.payload));
    }
    return found;
  }

  // The timer that stands under a key, if any.
  template <class C>
  std::optional<TimerChange> timer(const std::string& key) const {
    const auto found = timers.find({std::string(C::kName), key});
    if (found == timers.end()) return std::nullopt;
    return found->second;
  }
  // Takes the timer that stands under a key down and runs its command at its time. REQUIRES that it stands.
  template <class C>
  Outcome fire(Outcome (*rule)(const C&, const Call&, Transaction&), const std::string& key) {
    const auto found = timers.find({std::string(C::kName), key});
    STOA_CHECK(found != timers.end(), "the test fires a timer that stands");
    const TimerChange timer = found->second;
    timers.erase(found);
    if (now < timer.due) now = timer.due;
    return run(rule, *decode<C>(timer.payload));
  }

  MemoryView state;
  Time now{1'750'000'000'000};
  SeededRandom random;
  size_t writes = 0;  // keys written by the last run()
  std::vector<Outgoing> outgoing;
  std::vector<Fact> facts;
  std::vector<LateAnswer> answers;
  std::map<std::pair<std::string, std::string>, TimerChange> timers;  // by (command, key)

 private:
  template <class T>
  static void move_all(std::vector<T>& from, std::vector<T>& to) {
    for (T& x : from) to.push_back(std::move(x));
  }

  uint16_t shard_;
};

}  // namespace stoa
