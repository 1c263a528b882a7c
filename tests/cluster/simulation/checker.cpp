#include "tests/cluster/simulation/checker.hpp"

#include "tests/cluster/simulation/schedule.hpp"

namespace stoa::simulation {

namespace {

template <class... Parts>
std::string text(const Parts&... parts) {
  std::string out;
  const auto add = [&out](const auto& part) {
    if constexpr (std::is_arithmetic_v<std::decay_t<decltype(part)>>) {
      out += std::to_string(part);
    } else {
      out += part;
    }
  };
  (add(parts), ...);
  return out;
}

uint64_t content(const LogEntry& entry) { return hash_of(entry.data) * 31 + entry.kind; }

}  // namespace

void Checker::fail(std::string what) {
  if (violation_.empty()) {
    violation_ = std::move(what);
  }
}

void Checker::leads(ReplicaId id, Term term) {
  const auto [at, fresh] = leaders_.try_emplace(term, id);
  if (!fresh && at->second != id) {
    fail(text("two leaders in term ", term, ": ", at->second, " and ", id));
  }
}

void Checker::appended(const LogEntry& entry, Term before) {
  const Appended now{content(entry), before};
  const auto [at, fresh] = entries_.try_emplace({entry.index, entry.term}, now);
  if (!fresh && (at->second.data != now.data || at->second.before != before)) {
    fail(text("two entries are named (", entry.index, ", term ", entry.term, ")"));
  }
}

void Checker::applied(ReplicaId id, const LogEntry& entry, uint64_t state) {
  const std::pair<Term, uint64_t> now{entry.term, content(entry)};
  const auto [at, fresh] = applied_.try_emplace(entry.index, now);
  if (!fresh && at->second != now) {
    fail(text("replica ", id, " applies another entry at ", entry.index, ", term ", entry.term, " instead of ",
              at->second.first));
  }
  installed(id, {entry.term, entry.index}, state);
}

void Checker::installed(ReplicaId id, Position at, uint64_t state) {
  const auto [known, fresh] = states_.try_emplace(at.index, state);
  if (!fresh && known->second != state) {
    fail(text("replica ", id, " has another state at ", at.index));
  }
}

Index Checker::floor(uint64_t key) const {
  const auto at = floors_.find(key);
  return at == floors_.end() ? 0 : at->second;
}

void Checker::read_answered(uint64_t key, Index floor_at_start, Index seen) {
  if (seen < floor_at_start) {
    fail(text("a stale read of ", key, ": ", seen, " although ", floor_at_start, " was seen before it was asked"));
  }
  floors_[key] = std::max(floor(key), seen);
}

void Checker::write_answered(uint64_t client, uint64_t request, uint64_t key, Index floor_at_start, Index at) {
  if (at <= floor_at_start) {
    fail(text("a write of ", key, " at ", at, " goes behind ", floor_at_start, ", seen before it was asked"));
  }
  floors_[key] = std::max(floor(key), at);
  acknowledged_[client] = std::max(acknowledged_[client], request);
}

void Checker::state_holds(ReplicaId id, const std::map<uint64_t, uint64_t>& last_request_of_client) {
  for (const auto& [client, request] : acknowledged_) {
    const auto held = last_request_of_client.find(client);
    if (held == last_request_of_client.end() || held->second < request) {
      fail(text("replica ", id, " lost the acknowledged request ", request, " of client ", client));
    }
  }
}

}  // namespace stoa::simulation
