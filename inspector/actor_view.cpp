#include "inspector/actor_view.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/json.hpp"
#include "base/record_json_read.hpp"

namespace stoa {
namespace {

std::vector<std::string> last_messages(const Probe& probe, uint64_t handled) {
  std::vector<std::string> last;
  const uint64_t count = std::min<uint64_t>(handled, Probe::kLast);
  for (uint64_t i = 1; i <= count; ++i) {
    const char* name = probe.last[(handled - i) % Probe::kLast].load(std::memory_order_relaxed);
    if (name) last.emplace_back(name);
  }
  return last;
}

// The member `actors` of a view's document, each with its share of time busy turned into what `turn` makes of it.
template <class Json, class Turn>
void turn_busy(Json& doc, Turn turn) {
  if (!doc.is_object() || !doc.contains("actors") || !doc["actors"].is_array()) return;
  for (auto& actor : doc["actors"]) {
    if (!actor.is_object() || !actor.contains("busy") || !actor["busy"].is_number()) continue;
    actor["busy"] = turn(actor["busy"].template get<double>());
  }
}

}  // namespace

std::string actor_view_json(const ActorView& view) {
  auto doc = nlohmann::ordered_json::parse(to_json(view));
  turn_busy(doc, [](double per_mille) { return per_mille / 1000; });
  return doc.dump();
}

Result<ActorView> read_actor_view(const std::string& json) {
  auto parsed = parse_json(json);
  if (!parsed) return Error{"the node's answer is " + parsed.error().what};
  turn_busy(*parsed, [](double share) { return static_cast<int64_t>(std::llround(share * 1000)); });
  std::vector<FieldError> faults;
  ActorView view = from_json<ActorView>(*parsed, faults);
  if (!faults.empty()) return Error{"the node's answer is of another version: " + faults[0].pointer};
  return view;
}

void ActorSampler::sample() {
  const int64_t now_ns = clock_.monotonic_ns();
  const std::lock_guard lock(mutex_);
  const int64_t passed_ns = now_ns - sampled_ns_;
  if (passed_ns <= 0) return;
  std::map<uint64_t, Sample> fresh;
  probes_.each([&](const Probe& probe) {
    Sample s;
    s.handled = probe.handled.load(std::memory_order_relaxed);
    s.busy_ns = probe.busy_ns.load(std::memory_order_relaxed);
    const auto before = samples_.find(probe.id);
    if (before != samples_.end()) {
      s.rate = static_cast<int64_t>((s.handled - before->second.handled) * 1e9 / static_cast<double>(passed_ns));
      s.busy = std::min<int64_t>(1000, (s.busy_ns - before->second.busy_ns) * 1000 / passed_ns);
    }
    fresh.emplace(probe.id, s);
  });
  samples_ = std::move(fresh);
  sampled_ns_ = now_ns;
}

ActorView ActorSampler::view() const {
  ActorView view{node_, clock_.now(), {}};
  const int64_t now_ns = clock_.monotonic_ns();
  const std::lock_guard lock(mutex_);
  probes_.each([&](const Probe& probe) {
    ActorRow row;
    row.id = probe.id;
    row.name = probe.name;
    if (!probe.service.empty()) row.service = probe.service;
    if (probe.shard >= 0) row.shard = probe.shard;
    row.depth = probe.depth();
    if (row.depth > 0) {
      row.oldest_ms = std::max<int64_t>(0, now_ns - probe.waiting_since_ns.load(std::memory_order_relaxed)) / 1'000'000;
    }
    row.handled = probe.handled.load(std::memory_order_relaxed);
    const auto sample = samples_.find(probe.id);
    if (sample != samples_.end()) {
      row.rate = sample->second.rate;
      row.busy = sample->second.busy;
    }
    row.last = last_messages(probe, row.handled);
    view.actors.push_back(std::move(row));
  });
  std::sort(view.actors.begin(), view.actors.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return view;
}

}  // namespace stoa
