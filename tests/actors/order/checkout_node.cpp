#include "tests/actors/order/checkout_node.hpp"

#include <algorithm>

#include "actors/service_number.hpp"
#include "actors/services.hpp"

namespace stoa {
namespace {

std::vector<Service> selling_services() {
  std::vector<Service> services = make_services();
  services.erase(std::remove_if(services.begin(), services.end(),
                                [](const Service& s) {
                                  return s.number == service_number::user || s.number == service_number::catalog;
                                }),
                 services.end());
  return services;
}

std::unique_ptr<caf::actor_system_config> config_of(const std::vector<Service>& services) {
  auto config = std::make_unique<caf::actor_system_config>();
  config->add_message_types<caf::id_block::stoa_runtime>();
  for (const Service& service : services) service.make_port()->add_types(*config);
  config->set("scheduler.policy", caf::atom("sharing"));
  config->set("scheduler.max-threads", 1u);
  return config;
}

}  // namespace

void CheckoutDisk::crash(Random& random) {
  journal.crash(random);
  for (auto& [service, database] : databases) database.crash(random);
}

CheckoutNode::CheckoutNode(CheckoutDisk& disk, uint64_t seed, bool early)
    : disk_(disk),
      random_(seed),
      services_(selling_services()),
      config_(config_of(services_)),
      system_(*config_),
      writer_(disk.journal, disk.clock),
      flusher_(disk.clock),
      provider_([this](int64_t ms, std::function<void()> run) {
        delayed_.emplace(disk_.clock.now().ms + ms, std::move(run));
      }) {
  boot(seed, early);
}

void CheckoutNode::boot(uint64_t seed, bool early) {
  HostParts parts{system_, loop_, disk_.journal, writer_, flusher_, disk_.clock, random_, probes_, services_, {}, {},
                  {},      {},    seed};
  parts.early = early;
  for (const Service& service : services_) {
    parts.databases[service.number] = &disk_.databases[service.number];
    parts.counts[service.number] = kShards;
    for (uint16_t shard = 0; shard < kShards; ++shard) {
      parts.replicas[{service.number, shard}] = ReplicaBirth::alone(100u * service.number + shard);
    }
  }
  parts.adapters[kPaymentProvider] = [this](const std::string& key, const std::string& request,
                                            std::function<void(std::string)> done) {
    provider_.perform(key, request, std::move(done));
  };
  host_ = std::move(ShardHost::start(std::move(parts))).value();
  run_until([&] { return host_->all_lead(); });
}

CheckoutNode::~CheckoutNode() {
  host_->stop();
  while (loop_.poll() || step_storage()) continue;
  while (system_.registry().running() > 0 && loop_.poll()) continue;
  loop_.poll();
}

bool CheckoutNode::step_storage() {
  if (!alive_) return false;
  const auto journal = writer_.step();
  if (!journal) return alive_ = false;
  const auto flusher = flusher_.step();
  if (!flusher) return alive_ = false;
  return *journal || *flusher;
}

bool CheckoutNode::step() {
  const bool moved = loop_.poll();
  bool told = false;
  while (!delayed_.empty() && delayed_.begin()->first <= disk_.clock.now().ms) {
    loop_.post(std::move(delayed_.begin()->second));
    delayed_.erase(delayed_.begin());
    told = true;
  }
  return step_storage() || moved || told;
}

bool CheckoutNode::run_until(const std::function<bool()>& done) {
  for (int rounds = 0; alive_ && !done(); ++rounds) {
    STOA_CHECK(rounds < 100'000, "the condition comes true");
    if (step() || !alive_) continue;
    disk_.clock.advance_ms(100);
    host_->tick();
  }
  return alive_;
}

bool CheckoutNode::quiet() const {
  return std::all_of(host_->shards().begin(), host_->shards().end(), [](const auto& hosted) {
    const ShardGauges& g = hosted->shard->gauges();
    return g.open_sagas == 0 && g.outbox == 0 && g.in_flight == 0 && g.queued == 0;
  });
}

bool CheckoutNode::run_until_quiet() {
  if (!run_until([&] { return quiet(); })) return false;
  const Time flushed = after(now(), 15'000);
  return run_until([&] { return now() >= flushed && quiet(); });
}

const CheckoutNode::Said& CheckoutNode::begin(uint16_t service, Slot slot, AnyCommand command, Call call) {
  if (call.deadline.ms == 0) call.deadline = after(now(), 10'000);
  Said& said = said_.emplace_back();
  host_->router().call(service, slot, std::move(call), std::move(command), [this, &said](Answer answer, bool replayed) {
    if (!alive_) return;
    said = {std::move(answer), replayed, entries(), messages(), disk_.journal.operations()};
  });
  return said;
}

std::vector<std::string> CheckoutNode::violations() const {
  std::vector<std::string> found;
  for (const auto& hosted : host_->shards()) {
    const Reader reader(*hosted->state, hosted->group.shard, now());
    for (const InvariantCheck& invariant : hosted->service->invariants) invariant.check(reader, Uuid{}, found);
  }
  return found;
}

uint64_t CheckoutNode::entries() const {
  uint64_t sum = 0;
  for (const auto& hosted : host_->shards()) sum += hosted->shard->replica().last_index();
  return sum;
}

uint64_t CheckoutNode::messages() const {
  uint64_t sum = 0;
  probes_.each([&](const Probe& probe) { sum += probe.handled; });
  return sum;
}

}  // namespace stoa
