#include "tests/actors/order/world.hpp"

#include <algorithm>

#include "actors/service_number.hpp"
#include "tests/actors/rules_fixture.hpp"

namespace stoa::product {
Service make_service();
}
namespace stoa::payment {
Service make_service();
}
namespace stoa::shipping {
Service make_service();
}
namespace stoa::order {

Service make_service();

std::string BookkeepingProvider::perform(const std::string& key, const std::string& request) {
  const auto before = answered_.find(key);
  if (before != answered_.end()) return before->second;
  return answered_[key] = encode(ProviderResult{verdict(decode_stored<ProviderRequest>(request))});
}

ProviderVerdict BookkeepingProvider::verdict(const ProviderRequest& r) {
  switch (r.operation) {
    case ProviderOperation::kAuthorize:
      if (r.method == "tok_declined") return ProviderVerdict::kDeclined;
      if (r.method == "tok_3ds") return ProviderVerdict::kRequiresAction;
      [[fallthrough]];
    case ProviderOperation::kConfirm:
      if (voided_.count(r.payment) != 0) return ProviderVerdict::kDeclined;
      held_[r.payment] += r.amount.amount;
      break;
    case ProviderOperation::kVoid:
      voided_.insert(r.payment);
      held_[r.payment] = 0;
      break;
    case ProviderOperation::kCapture:
      held_[r.payment] = 0;
      taken_[r.payment] += r.amount.amount;
      break;
    case ProviderOperation::kRefund:
      taken_[r.payment] -= r.amount.amount;
      break;
  }
  return ProviderVerdict::kApproved;
}

World::World(uint64_t seed) : dice(seed) {
  services_.push_back(product::make_service());
  services_.push_back(make_service());
  services_.push_back(payment::make_service());
  services_.push_back(shipping::make_service());
  counts_[service_number::product] = 3;
  for (uint16_t s : {service_number::order, service_number::payment, service_number::shipping}) counts_[s] = 2;
  for (const Service& service : services_) {
    for (uint16_t i = 0; i < counts_[service.number]; ++i) {
      Shard& shard = shards_[{service.number, i}];
      shard.service = &service;
      shard.index = i;
    }
  }
}

World::Shard& World::at(uint16_t service, Slot slot) { return shards_.at({service, shard_of(counts_, service, slot)}); }

std::vector<World::Shard*> World::shards_of(uint16_t service) {
  std::vector<Shard*> found;
  for (auto& [name, shard] : shards_) {
    if (name.first == service) found.push_back(&shard);
  }
  return found;
}

std::optional<Answer> World::execute(Shard& shard, const AnyCommand& command, const Call& call, const Asker& asker) {
  using Kind = CommandTable::Entry::Kind;
  const CommandTable::Entry* entry = shard.service->commands.find(command.name());
  STOA_CHECK(entry != nullptr, "a message is a command of its receiver");
  if (entry->kind == Kind::kQuery) return entry->query(command.value(), call, reader(shard)).answer;
  Transaction tx(shard.state, shard.index, now, dice);
  tx.savepoint();
  Outcome outcome;
  if (entry->kind == Kind::kEffect) {
    EffectPlan plan = entry->plan(command.value(), call, tx);
    if (auto* effect = std::get_if<Effect>(&plan)) {
      on_their_way_.push_back({Message::Kind::kEffect, &shard, command, *effect, {}, asker});
      return std::nullopt;
    }
    outcome = std::get<Outcome>(std::move(plan));
  } else {
    outcome = entry->rule(command.value(), call, tx);
  }
  if (outcome.is_refused())
    tx.roll_back();
  else
    keep(shard, tx);
  if (outcome.is_later()) return std::nullopt;
  if (asker.shard) on_their_way_.push_back({Message::Kind::kAnswer, asker.shard, {}, {}, outcome.answer, asker});
  return outcome.answer;
}

void World::keep(Shard& shard, Transaction& tx) {
  shard.state.apply(tx.writes());
  for (const Fact& fact : tx.facts()) {
    for (const Service& service : services_) {
      for (const Subscription& s : service.subscriptions) {
        if (s.fact != fact.event) continue;
        const AnyCommand c = s.command(fact.payload);
        tx.outgoing().push_back({service.number, fact.slot, std::string(c.name()), c.encoded()});
      }
    }
  }
  for (Outgoing& out : tx.outgoing()) shard.outbox.emplace(next_row_++, std::move(out));
  for (TimerChange& t : tx.timers()) {
    if (t.due.ms == 0)
      shard.timers.erase({t.command, t.key});
    else
      shard.timers[{t.command, t.key}] = std::move(t);
  }
  for (LateAnswer& late : tx.answers()) answers.emplace(late.token, std::move(late.answer));
}

void World::arrive(Message m) {
  switch (m.kind) {
    case Message::Kind::kCommand:
      (void)execute(*m.to, *m.command, call_by_service(), m.asker);
      return;
    case Message::Kind::kEffect: {
      const CommandTable::Entry* entry = m.to->service->commands.find(m.command->name());
      const std::string result = provider.perform(m.effect.key, m.effect.request);
      on_their_way_.push_back(
          {Message::Kind::kCommand, m.to, entry->completion(m.command->value(), result), {}, {}, m.asker});
      return;
    }
    case Message::Kind::kAnswer:
      if (m.asker.row != 0) {
        m.to->outbox.erase(m.asker.row);
      } else {
        const auto heard = m.to->heard.find(m.asker.saga);
        if (heard != m.to->heard.end()) heard->second.emplace(m.asker.question, m.answer);
      }
      return;
  }
}

// Everything that is not answered yet is sent once more.
void World::send_all() {
  for (auto& [name, shard] : shards_) {
    for (const auto& [row, out] : shard.outbox) {
      Shard& to = at(out.service, out.slot);
      auto command = to.service->commands.find(out.command)->revive(out.payload);
      on_their_way_.push_back({Message::Kind::kCommand, &to, std::move(command), {}, {}, {&shard, {}, {}, row}});
    }
    run_sagas(shard);
  }
}

void World::run_sagas(Shard& shard) {
  std::vector<SagaRow> open;
  reader(shard).scan<SagaRow>(std::tuple<>(), false, [&](SagaRow row) { return open.push_back(std::move(row)), true; });
  std::map<Uuid, SagaReplies> heard;
  for (const SagaRow& row : open) heard[row.id] = std::move(shard.heard[row.id]);
  shard.heard = std::move(heard);
  for (const SagaRow& row : open) {
    if (row.waits) continue;
    const SagaReplies& replies = shard.heard[row.id];
    SagaStep step = shard.service->sagas.at(row.kind).plan(row, replies, counts_);
    for (SagaAsk& ask : step.asks) {
      if (replies.count(ask.key) != 0) continue;
      on_their_way_.push_back({Message::Kind::kCommand,
                               &at(ask.service, ask.slot),
                               std::move(ask.command),
                               {},
                               {},
                               {&shard, row.id, ask.key, 0}});
    }
    if (step.decision) on_their_way_.push_back({Message::Kind::kCommand, &shard, *step.decision, {}, {}, {}});
  }
}

void World::fire_due() {
  for (auto& [name, shard] : shards_) {
    std::vector<TimerChange> due;
    for (const auto& [key, timer] : shard.timers) {
      if (timer.due <= now) due.push_back(timer);
    }
    for (const TimerChange& timer : due) {
      shard.timers.erase({timer.command, timer.key});
      const auto command = shard.service->commands.find(timer.command)->revive(timer.payload);
      (void)execute(shard, *command, call_by_service(), {});
    }
    std::vector<SagaRow> late;
    reader(shard).scan<SagaRow>(std::tuple<>(), false, [&](SagaRow row) {
      if (row.until <= now) late.push_back(std::move(row));
      return true;
    });
    for (const SagaRow& row : late) {
      (void)execute(shard, shard.service->sagas.at(row.kind).expire(row), call_by_service(), {});
    }
  }
}

// A shard loses what is only in memory: what its sagas have heard, and what it asked of the provider.
void World::lose_memory() {
  auto victim = shards_.begin();
  std::advance(victim, static_cast<std::ptrdiff_t>(dice.below(shards_.size())));
  Shard& shard = victim->second;
  shard.heard.clear();
  const auto lost = [&](const Message& m) {
    return m.kind == Message::Kind::kEffect ? m.to == &shard : m.kind == Message::Kind::kAnswer && m.to == &shard;
  };
  on_their_way_.erase(std::remove_if(on_their_way_.begin(), on_their_way_.end(), lost), on_their_way_.end());
}

void World::step() {
  const uint64_t what = dice.below(100);
  if (what < 3) return lose_memory();
  if (what < 8) {
    now = after(now, static_cast<int64_t>(dice.below(dice.below(20) == 0 ? 200'000 : 2'000)));
    return fire_due();
  }
  if (on_their_way_.empty() || what < 12) return send_all();
  const size_t which = dice.below(on_their_way_.size());
  if (what < 22) return void(on_their_way_.push_back(Message(on_their_way_[which])));
  Message message = std::move(on_their_way_[which]);
  on_their_way_.erase(on_their_way_.begin() + static_cast<std::ptrdiff_t>(which));
  if (what >= 32) arrive(std::move(message));  // else it is lost
}

bool World::quiet() const {
  return on_their_way_.empty() && std::all_of(shards_.begin(), shards_.end(), [&](const auto& s) {
           bool open = false;
           reader(s.second).template scan<SagaRow>(std::tuple<>(), false,
                                                   [&](const SagaRow& row) { return open = !row.waits, !open; });
           return s.second.outbox.empty() && !open;
         });
}

std::optional<Time> World::next_timer() const {
  std::optional<Time> next;
  for (const auto& [name, shard] : shards_) {
    for (const auto& [key, timer] : shard.timers) next = next ? std::min(*next, timer.due) : timer.due;
    reader(shard).scan<SagaRow>(std::tuple<>(), false, [&](const SagaRow& row) {
      next = next ? std::min(*next, row.until) : row.until;
      return true;
    });
  }
  return next;
}

void World::settle() {
  for (int rounds = 0; rounds < 100'000; ++rounds) {
    if (quiet()) {
      const auto next = next_timer();
      if (!next) return;
      now = std::max(now, *next);
      fire_due();
    }
    send_all();
    std::vector<Message> arriving;
    arriving.swap(on_their_way_);
    for (Message& m : arriving) arrive(std::move(m));
  }
  STOA_CHECK(false, "the world comes to rest");
}

std::vector<std::string> World::violations() {
  std::vector<std::string> found;
  for (auto& [name, shard] : shards_) {
    for (const InvariantCheck& check : shard.service->invariants) check.check(reader(shard), Uuid{}, found);
  }
  return found;
}

}  // namespace stoa::order
