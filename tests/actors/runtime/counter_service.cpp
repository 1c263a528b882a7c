#include "tests/actors/runtime/counter_service.hpp"

#include "actors/runtime/idempotency.hpp"

namespace stoa::counter {
namespace {

constexpr int64_t kLimit = 1000;
constexpr RefusalKind kOverLimit{"out_of_stock"};

Outcome add(const Add& c, const Call&, Transaction& tx) {
  Counter counter = tx.find<Counter>(c.name).value_or(Counter{c.name, 0});
  counter.value += c.by;
  tx.put(counter);  // a refusal below must take this back
  if (counter.value > kLimit || counter.value < 0) return refuse(kOverLimit, "leaves its bounds");
  return ok(counter);
}

Outcome shift(const Shift& c, const Call&, Transaction& tx) {
  if (tx.find<Shifted>(std::tuple(c.id, c.name))) return no_content();
  Counter counter = tx.find<Counter>(c.name).value_or(Counter{c.name, 0});
  counter.value += c.by;
  if (counter.value < 0) return refuse(kOverLimit, "leaves its bounds");
  tx.put(counter);
  tx.put(Shifted{c.id, c.name, c.by});
  return no_content();
}

Outcome show(const Show& q, const Call&, const Reader& reader) {
  const auto counter = reader.find<Counter>(q.name);
  if (!counter) return refuse(kNotFound, "no such counter");
  return ok(*counter);
}

Outcome add_later(const AddLater& c, const Call&, Transaction& tx) {
  tx.set_timer(after(tx.now(), c.in_ms), c.add.name, c.add);
  return no_content();
}

Outcome move(const Move& c, const Call&, Transaction& tx) {
  SagaRow row;
  row.id = c.id;
  row.kind = "move";
  row.payload = encode(c);
  row.begun = tx.now();
  tx.open_saga(row);
  return Outcome::later(c.id);
}

SagaStep plan(const SagaRow& row, const SagaReplies& replies, const ShardCounts&) {
  const Move move = decode_stored<Move>(row.payload);
  SagaStep step;
  SagaAsk take;
  take.key = "take";
  take.service = kNumber;
  take.slot = slot_of(move.from);
  take.command = AnyCommand::of(Shift{move.id, move.from, -move.by});
  take.charges = true;
  step.asks.push_back(take);
  const auto taken = replies.find("take");
  if (taken != replies.end()) step.decision = AnyCommand::of(DecideMove{move, !taken->second.refused()});
  return step;
}

Outcome decide(const DecideMove& c, const Call&, Transaction& tx) {
  if (!tx.find<SagaRow>(c.move.id)) return no_content();
  tx.close_saga(c.move.id);
  if (c.ok) {
    tx.send(kNumber, slot_of(c.move.to), Shift{c.move.id, c.move.to, c.move.by});
    tx.answer(c.move.id, created(Counter{c.move.to, c.move.by}));
  } else {
    tx.answer(c.move.id, refuse(kOverLimit, "nothing to move"));
  }
  return no_content();
}

Outcome progress(const Uuid&, const Reader&) { return accepted(Counter{"moving", 0}); }

}  // namespace

size_t looked_at = 0;

Uuid check_shifted(const Reader& reader, Uuid from, std::vector<std::string>&) {
  reader.scan_from<Shifted>(from, [](const Shifted&) { return ++looked_at, true; });
  return kSettled;
}

Service make_service() {
  Service s;
  s.name = "counter";
  s.number = kNumber;
  s.commands.on<Add>(add).on<Move>(move).on<DecideMove>(decide).on<AddLater>(add_later).on<Shift>(shift).query<Show>(
      show);
  s.commands.on<ClaimKey>(claim_key).bundles();
  s.sagas["move"] = {plan, nullptr};
  s.invariants = {{"I1", {Shifted::kTable}, check_shifted}};
  s.progress = progress;
  s.make_port = [] {
    using Port = TypedServicePort<List>::With<caf::id_block::counter>;
    return std::make_unique<Port>();
  };
  return s;
}

}  // namespace stoa::counter
