#include "cluster/probe.hpp"

#include <utility>

namespace stoa {

Probe::Probe(ProbeRegistry& registry, std::string probe_name, std::string probe_service, int probe_shard)
    : id(registry.next_id()),
      name(std::move(probe_name)),
      service(std::move(probe_service)),
      shard(probe_shard),
      registry_(registry) {
  registry_.add(this);
}

Probe::~Probe() { registry_.remove(this); }

uint64_t ProbeRegistry::next_id() {
  const std::lock_guard lock(mutex_);
  return next_id_++;
}

void ProbeRegistry::add(Probe* probe) {
  const std::lock_guard lock(mutex_);
  probes_.insert(probe);
}

void ProbeRegistry::remove(Probe* probe) {
  const std::lock_guard lock(mutex_);
  probes_.erase(probe);
}

void ProbeRegistry::each(const std::function<void(const Probe&)>& fn) const {
  const std::lock_guard lock(mutex_);
  for (const Probe* probe : probes_) fn(*probe);
}

}  // namespace stoa
