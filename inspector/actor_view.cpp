#include "inspector/actor_view.hpp"

#include <algorithm>

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

}  // namespace

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
