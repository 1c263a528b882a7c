// All services that an order touches, with their real rules, plans and subscriptions, but without actors: a seeded
// scheduler carries their messages, and loses, doubles, delays and reorders them, forgets what sagas have heard, and
// lets time pass. What is sent through an outbox is repeated until it is answered, as shards do.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "actors/payment/provider_types.hpp"
#include "actors/runtime/service.hpp"
#include "storage/memory_view.hpp"

namespace stoa::order {

// A payment provider that keeps its own books: each key once, nothing after a void.
class BookkeepingProvider {
 public:
  std::string perform(const std::string& key, const std::string& request);
  // Minor units held, and taken and not given back.
  int64_t held(const Uuid& payment) const { return at(held_, payment); }
  int64_t taken(const Uuid& payment) const { return at(taken_, payment); }

 private:
  static int64_t at(const std::map<Uuid, int64_t>& amounts, const Uuid& payment) {
    const auto found = amounts.find(payment);
    return found == amounts.end() ? 0 : found->second;
  }
  ProviderVerdict verdict(const ProviderRequest& request);

  std::map<std::string, std::string> answered_;
  std::map<Uuid, int64_t> held_, taken_;
  std::set<Uuid> voided_;
};

class World {
 public:
  explicit World(uint64_t seed);

  struct Shard {
    const Service* service = nullptr;
    uint16_t index = 0;
    MemoryView state;
    std::map<uint64_t, Outgoing> outbox;
    std::map<std::pair<std::string, std::string>, TimerChange> timers;
    std::map<Uuid, SagaReplies> heard;  // by sagas; gone when the shard loses its memory
  };

  // The client's command, run at once; nothing when it waits for a provider or a decision.
  template <class C>
  std::optional<Answer> command(uint16_t service, Slot slot, const C& c, const Call& call) {
    Shard& shard = at(service, slot);
    return execute(shard, AnyCommand::of(c), call, {});
  }

  // One thing happens: a message arrives, is lost or doubled, a timer fires, a shard forgets, time passes.
  void step();
  // Nothing is lost any more, and time passes until nothing is left to do.
  void settle();

  Shard& at(uint16_t service, Slot slot);
  std::vector<Shard*> shards_of(uint16_t service);
  Reader reader(const Shard& shard) const { return Reader(shard.state, shard.index, now); }
  // What the services' own invariants find, over all shards.
  std::vector<std::string> violations();

  Time now{1'750'000'000'000};
  SeededRandom dice;
  BookkeepingProvider provider;
  std::map<Uuid, Answer> answers;  // to those who wait for an order: the first stands

 private:
  // Where an answer goes: to a saga's question, to an outbox row, or nowhere.
  struct Asker {
    Shard* shard = nullptr;
    Uuid saga;
    std::string question;
    uint64_t row = 0;
  };
  struct Message {
    enum class Kind { kCommand, kEffect, kAnswer } kind = Kind::kCommand;
    Shard* to = nullptr;
    std::optional<AnyCommand> command;
    Effect effect;
    Answer answer;
    Asker asker;
  };

  std::optional<Answer> execute(Shard& shard, const AnyCommand& command, const Call& call, const Asker& asker);
  void keep(Shard& shard, Transaction& tx);
  void arrive(Message message);
  void send_all();
  void run_sagas(Shard& shard);
  void fire_due();
  void lose_memory();
  bool quiet() const;
  std::optional<Time> next_timer() const;

  std::vector<Service> services_;
  ShardCounts counts_{};
  std::map<std::pair<uint16_t, uint16_t>, Shard> shards_;
  std::vector<Message> on_their_way_;
  uint64_t next_row_ = 1;
};

}  // namespace stoa::order
