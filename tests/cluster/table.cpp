#include "tests/cluster/table.hpp"

#include "base/check.hpp"

namespace stoa {

Table::Table(ReplicaId own_id, Members first_members, uint64_t seed)
    : id(own_id), durable(ReplicaBoot::kBirth), durable_members(std::move(first_members)), seed_(seed) {
  STOA_CHECK(journal.append(ReplicaBoot::birth_records(kGroup, id), true).ok(), "the journal works");
  boot();
}

Table::Table(ReplicaId own_id) : id(own_id), seed_(own_id) {
  STOA_CHECK(journal.append({{kGroup, id, Reset{0, 0}}}, true).ok(), "the journal works");
  boot();
}

void Table::boot() {
  members = durable_members;
  applied.clear();
  replica.emplace(ReplicaBoot{kGroup, seed_, *journal.recover(kGroup).value(), durable, durable_members}, *this);
}

void Table::crash() {
  replica.reset();
  writes.clear();
  sent.clear();
  SeededRandom random(7);
  journal.crash(random);
}

void Table::flush() {
  durable = replica->applied();
  durable_members = members;
}

void Table::store(size_t count) {
  for (; count > 0 && !writes.empty(); --count) {
    if (writes.front().install) {
      durable = writes.front().install->at;
      members = durable_members = writes.front().install->members;
    }
    STOA_CHECK(journal.append(writes.front().records, true).ok(), "the journal works");
    replica->stored(writes.front().ticket);
    writes.pop_front();
  }
  replica->pump();
}

void Table::tick(int ticks) {
  for (; ticks > 0; --ticks) {
    replica->tick();
    replica->pump();
  }
}

void Table::settle() {
  replica->pump();
  while (!writes.empty() || replica->has_work()) {
    store();
  }
}

bool Table::propose(std::string_view payload) {
  const bool done = replica->propose(payload).has_value();
  replica->pump();
  return done;
}

void Table::deliver(Table& from, Table& to) {
  std::vector<Sent> rest;
  for (Sent& message : std::exchange(from.sent, {})) {
    if (message.to != to.id) {
      rest.push_back(std::move(message));
      continue;
    }
    to.replica->step(from.id, message.message);
    if (message.offer) {
      from.replica->report_snapshot(to.id, true);
    }
  }
  from.sent.insert(from.sent.begin(), rest.begin(), rest.end());
  to.replica->pump();
}

void Table::run(std::vector<Table*> tables) {
  for (bool moved = true; moved;) {
    moved = false;
    for (Table* from : tables) {
      from->settle();
      for (Table* to : tables) {
        if (to != from && !from->sent.empty()) {
          moved = true;
          deliver(*from, *to);
        }
      }
      from->sent.clear();
    }
  }
}

void Table::elect(std::vector<Table*> tables) {
  for (int ticks = 0; ticks < 400 && !replica->leads_ready(); ++ticks) {
    tick();
    run(tables);
  }
  STOA_CHECK(replica->leads_ready(), "an election ends");
}

std::vector<std::string> Table::applied_data() const {
  std::vector<std::string> out;
  for (const LogEntry& entry : applied) {
    if (entry.kind == 0 && !entry.data.empty()) {
      out.push_back(entry.data);
    }
  }
  return out;
}

HardState Table::stored_hard_state() { return journal.recover(kGroup).value()->hard_state; }

void Table::persist(std::vector<JournalRecord> records, uint64_t ticket) {
  writes.push_back({std::move(records), ticket, std::nullopt});
}

void Table::send(ReplicaId to, std::string message) { sent.push_back({to, std::move(message), std::nullopt}); }

void Table::apply(const CommittedEntry& entry) {
  applied.push_back({entry.index, entry.term, entry.kind, std::string(entry.data)});
}

void Table::members_changed(const Members& now, Index at) {
  members = now;
  changes.emplace_back(at, now);
}

void Table::lead_changed(Role role, Term term, ReplicaId leader) { leads.push_back({role, term, leader}); }

void Table::send_snapshot(ReplicaId to, std::string message, const SnapshotOffer& offer) {
  sent.push_back({to, std::move(message), offer});
}

void Table::install(const SnapshotOffer& offer, std::vector<JournalRecord> records, uint64_t ticket) {
  writes.push_back({std::move(records), ticket, offer});
}

}  // namespace stoa
