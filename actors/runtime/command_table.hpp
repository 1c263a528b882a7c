// What a service's shards understand: each command's name, how to decode it, and the rule that decides it. No CAF here:
// the typed actor, the timers, the outbox and the tests all come through this table.
#pragma once

#include <any>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "actors/runtime/any_command.hpp"
#include "actors/runtime/bundle.hpp"
#include "base/call.hpp"
#include "base/outcome.hpp"
#include "storage/transaction.hpp"

namespace stoa {

// Something only the outside can answer (a payment provider). `key` names the effect: the adapter never does it twice.
struct Effect {
  std::string adapter;  // name under which the program registered it
  std::string key;
  std::string request;  // encoded for the adapter
};

// What a command with an effect wants: the outcome is known already, or the effect must come first.
using EffectPlan = std::variant<Outcome, Effect>;

template <class C>
using Rule = Outcome (*)(const C&, const Call&, Transaction&);
template <class Q>
using Query = Outcome (*)(const Q&, const Call&, const Reader&);

class CommandTable {
 public:
  struct Entry {
    enum class Kind { kRule, kQuery, kEffect, kBundle } kind = Kind::kRule;
    std::function<std::optional<AnyCommand>(std::string_view)> revive;  // from its encoding
    std::function<Outcome(const std::any&, const Call&, Transaction&)> rule;
    std::function<Outcome(const std::any&, const Call&, const Reader&)> query;
    std::function<EffectPlan(const std::any&, const Call&, const Reader&)> plan;
    std::function<AnyCommand(const std::any&, const std::string& result)> completion;
  };

  // A command that may write.
  template <class C>
  CommandTable& on(Rule<C> rule) {
    Entry& e = add<C>(Entry::Kind::kRule);
    e.rule = [rule](const std::any& c, const Call& call, Transaction& tx) {
      return rule(std::any_cast<const C&>(c), call, tx);
    };
    return *this;
  }

  // A query: sees everything committed before it arrived, writes nothing.
  template <class Q>
  CommandTable& query(Query<Q> run) {
    Entry& e = add<Q>(Entry::Kind::kQuery);
    e.query = [run](const std::any& q, const Call& call, const Reader& reader) {
      return run(std::any_cast<const Q&>(q), call, reader);
    };
    return *this;
  }

  // A command that needs an effect: `plan` looks at all that was evaluated before, the adapter acts, and then
  // `completion` builds the command (one with a rule) that records the result and answers.
  template <class C, class Recorded>
  CommandTable& effect(EffectPlan (*plan)(const C&, const Call&, const Reader&),
                       Recorded (*completion)(const C&, const std::string& result)) {
    Entry& e = add<C>(Entry::Kind::kEffect);
    e.plan = [plan](const std::any& c, const Call& call, const Reader& reader) {
      return plan(std::any_cast<const C&>(c), call, reader);
    };
    e.completion = [completion](const std::any& c, const std::string& result) {
      return AnyCommand::of(completion(std::any_cast<const C&>(c), result));
    };
    return *this;
  }

  // Bundles of the commands that have rules here: the shard evaluates what is in them, one by one.
  CommandTable& bundles() {
    add<Bundle>(Entry::Kind::kBundle);
    return *this;
  }

  // nullptr for an unknown name.
  const Entry* find(std::string_view name) const {
    const auto found = entries_.find(name);
    return found == entries_.end() ? nullptr : &found->second;
  }

 private:
  template <class C>
  Entry& add(typename Entry::Kind kind) {
    auto [at, fresh] = entries_.try_emplace(std::string(C::kName));
    STOA_CHECK(fresh, "a service names each command once");
    at->second.kind = kind;
    at->second.revive = [](std::string_view bytes) -> std::optional<AnyCommand> {
      auto c = stoa::decode<C>(bytes);
      if (!c) return std::nullopt;
      return AnyCommand::of(std::move(*c));
    };
    return at->second;
  }

  std::map<std::string, Entry, std::less<>> entries_;
};

}  // namespace stoa
