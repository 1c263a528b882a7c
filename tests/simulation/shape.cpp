#include "tests/simulation/shape.hpp"

#include <algorithm>

#include "app/node_config.hpp"

namespace stoa::whole {
namespace {

ServiceNames all_services() {
  ServiceNames names;
  for (const auto& [service, unused] : default_shards()) names.push_back(service);
  return names;
}

// Every service is on as many nodes, at least.
void spread(std::vector<ServiceNames>& nodes, size_t least, Random& random) {
  for (const std::string& service : all_services()) {
    const auto hosts = [&](const ServiceNames& on) { return std::count(on.begin(), on.end(), service) > 0; };
    while (static_cast<size_t>(std::count_if(nodes.begin(), nodes.end(), hosts)) < least) {
      ServiceNames& on = nodes[random.below(nodes.size())];
      if (!hosts(on)) on.push_back(service);
    }
  }
}

}  // namespace

ServiceNames some_services(Random& random) {
  ServiceNames all = all_services(), some;
  if (random.below(100) < 35) return {all[random.below(all.size())]};
  for (std::string& service : all) {
    if (random.below(100) < 50) some.push_back(std::move(service));
  }
  return some;
}

Shape shape_of(uint64_t seed) {
  SeededRandom random(seed ^ 0x7368617065);
  const auto chance = [&](uint64_t percent) { return random.below(100) < percent; };
  Shape shape;
  shape.nodes.assign(seed % 5 < 3 ? 3 : 5, all_services());
  if (chance(40)) shape.kept_for_others = 1 + random.below(30);
  shape.members_change = chance(25);
  shape.loses_disks = chance(30);
  shape.split = chance(25);
  if (!shape.split) return shape;
  shape.nodes.resize(3 + random.below(3));
  for (ServiceNames& on : shape.nodes) on = some_services(random);
  spread(shape.nodes, 1 + random.below(3), random);
  return shape;
}

}  // namespace stoa::whole
