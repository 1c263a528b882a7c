// The one object through which a business rule acts: typed records, events, messages to other services, timers and the
// answers of commands that waited. All of it commits together with the caller's idempotency record, or leaves no trace.
//
// Rules get a Transaction positioned after a savepoint; a refusal rolls back to it. No I/O happens here: the effects
// are collected, and the shard proposes them as one write set.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/id.hpp"
#include "base/outcome.hpp"
#include "base/random.hpp"
#include "base/record.hpp"
#include "storage/layered_view.hpp"
#include "storage/reader.hpp"
#include "storage/saga_row.hpp"
#include "storage/write_set.hpp"

namespace stoa {

// A command to a shard of another service, sent once the transaction is durable and repeated until answered. The
// receiver must take a repeat for what it is: key its effect by an id in the command.
// Command types name themselves: `static constexpr std::string_view kName = "CommitReservation";`
struct Outgoing {
  uint16_t service = 0;  // stable number
  Slot slot = 0;         // places it on a shard
  std::string command;   // kName
  std::string payload;   // the encoded command
};

// A command that the shard gives itself at a time; the newest under a (name, key) wins.
struct TimerChange {
  std::string command;  // kName
  std::string key;      // of the timer among its kind, such as an order id's bytes
  Time due;             // {0}: cancelled
  std::string payload;
};

// A fact, past tense, for those who subscribed to its kind. Events name themselves by kName.
struct Fact {
  std::string event;
  std::string payload;
  Slot slot = 0;  // of the natural key by which subscribers place it
};

struct LateAnswer {
  Uuid token;
  Answer answer;
};

class Transaction : public Reader {
 public:
  // `base` is all that was evaluated before; `time` as for Reader; `random` mints ids. All outlive the transaction.
  Transaction(const View& base, uint16_t shard, Time time, Random& random)
      : Reader(layered_, shard, time), layered_(base, writes_), random_(random) {}

  template <class R>
  void put(const R& record) {
    record_.clear();
    encode_to(record_, record);
    write(key_of<R>(record.key()), std::string_view(record_));
  }
  template <class R, class K>
  void erase(const K& key) {
    write(key_of<R>(key), std::nullopt);
  }

  template <class I>
  I mint(Slot slot) {
    return I::mint(now_, slot, random_);
  }

  // To another service, or to this one; `service` is a number of actors/services.def.
  template <class C>
  void send(uint16_t service, Slot slot, const C& command) {
    outgoing_.push_back({service, slot, std::string(C::kName), encode(command)});
  }
  template <class E>
  void emit(Slot slot, const E& event) {
    facts_.push_back({std::string(E::kName), encode(event), slot});
  }
  template <class C>
  void set_timer(Time due, std::string key, const C& command) {
    timers_.push_back({std::string(C::kName), std::move(key), due, encode(command)});
  }
  template <class C>
  void cancel_timer(std::string key) {
    timers_.push_back({std::string(C::kName), std::move(key), Time{0}, {}});
  }

  // Answers the command that ended with Outcome::later(token), and every repeat of it.
  void answer(Uuid token, Outcome outcome) { answers_.push_back({token, std::move(outcome.answer)}); }

  // Opens a saga: its plan starts once this is proposed. Closes it: nothing is asked any more.
  void open_saga(const SagaRow& row) { put(row); }
  void close_saga(const Uuid& id) { erase<SagaRow>(id); }

  // Savepoints nest as a stack of one: the shard sets one before each command.
  void savepoint();
  void roll_back();

  const WriteSet& writes() const { return writes_; }
  // Ends the transaction: nothing can be rolled back any more.
  WriteSet take_writes() {
    undo_.clear();
    return std::move(writes_);
  }
  std::vector<Outgoing>& outgoing() { return outgoing_; }
  std::vector<TimerChange>& timers() { return timers_; }
  std::vector<Fact>& facts() { return facts_; }
  std::vector<LateAnswer>& answers() { return answers_; }

  // Untyped, for the runtime's own tables.
  void write(std::string_view key, std::optional<std::string_view> value);

 private:
  struct Undo {  // of a write over another
    std::string key;
    std::optional<std::string> before;
  };
  struct Mark {
    size_t keys = 0, outgoing = 0, timers = 0, facts = 0, answers = 0;
  };

  WriteSet writes_;
  LayeredView layered_;
  Random& random_;
  std::vector<Outgoing> outgoing_;
  std::vector<TimerChange> timers_;
  std::vector<Fact> facts_;
  std::vector<LateAnswer> answers_;
  std::vector<Undo> undo_;
  Mark mark_;
  std::string record_;  // last put: its memory serves the next
};

}  // namespace stoa
