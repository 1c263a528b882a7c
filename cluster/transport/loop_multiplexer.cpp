#include "cluster/transport/loop_multiplexer.hpp"

#include <caf/actor_system.hpp>
#include <caf/io/all.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include "base/check.hpp"
#include "cluster/transport/node_broker.hpp"

namespace stoa {
namespace {

class LoopMiddleman final : public caf::io::middleman {
 public:
  LoopMiddleman(caf::actor_system& system, Loop& loop) : middleman(system), backend_(system, loop) {}
  caf::io::network::multiplexer& backend() override { return backend_; }
  // The first by its name is the one that CAF uses.
  void start() override {
    named_broker<NodeBroker>(caf::atom("BASP"));
    middleman::start();
  }

 private:
  LoopMultiplexer backend_;
};

std::nullptr_t never() {
  STOA_CHECK(false, "CAF opens no sockets by itself");
  return nullptr;
}

caf::error refused() { return caf::make_error(caf::sec::runtime_error, "only the node's own sockets are served"); }

}  // namespace

LoopMultiplexer& LoopMultiplexer::of(caf::actor_system& system) {
  return static_cast<LoopMultiplexer&>(system.middleman().backend());
}

LoopMultiplexer::~LoopMultiplexer() {
  for (caf::resumable* job : posted_) caf::scheduler::abstract_coordinator::cleanup_and_release(job);
}

void LoopMultiplexer::exec_later(caf::resumable* job) {
  using Kind = caf::resumable::subtype_t;
  if (job->subtype() != Kind::io_actor && job->subtype() != Kind::function_object)
    return system().scheduler().enqueue(job);
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    first = posted_.empty();
    posted_.push_back(job);
  }
  if (first) loop_.schedule({[](void* self, void*) { static_cast<LoopMultiplexer*>(self)->try_run_once(); }, this});
}

bool LoopMultiplexer::try_run_once() {
  std::vector<caf::resumable*> running;
  {
    const std::lock_guard lock(mutex_);
    running.swap(posted_);
  }
  for (caf::resumable* job : running) {
    if (job->resume(this, kMaxThroughput) == caf::resumable::resume_later)
      exec_later(job);
    else
      caf::intrusive_ptr_release(job);
  }
  return !running.empty();
}

LoopMultiplexer::Scribe LoopMultiplexer::new_scribe(Socket) { return never(); }

LoopMultiplexer::Doorman LoopMultiplexer::new_doorman(Socket) { return never(); }

LoopMultiplexer::Datagrams LoopMultiplexer::new_datagram_servant(Socket) { return never(); }

LoopMultiplexer::Datagrams LoopMultiplexer::new_datagram_servant_for_endpoint(Socket,
                                                                              const caf::io::network::ip_endpoint&) {
  return never();
}

caf::expected<LoopMultiplexer::Scribe> LoopMultiplexer::new_tcp_scribe(const std::string&, uint16_t) {
  return refused();
}
caf::expected<LoopMultiplexer::Doorman> LoopMultiplexer::new_tcp_doorman(uint16_t, const char*, bool) {
  return refused();
}
caf::expected<LoopMultiplexer::Datagrams> LoopMultiplexer::new_remote_udp_endpoint(const std::string&, uint16_t) {
  return refused();
}
caf::expected<LoopMultiplexer::Datagrams> LoopMultiplexer::new_local_udp_endpoint(uint16_t, const char*, bool) {
  return refused();
}

void load_middleman(caf::actor_system_config& config, Loop& loop) {
  config.module_factories.emplace_back(
      [&loop](caf::actor_system& system) -> caf::actor_system::module* { return new LoopMiddleman(system, loop); });
  config.set("middleman.manual-multiplexing", true);  // no thread for it
}

}  // namespace stoa
