// The descriptor of a service: everything the program needs to know of it. One per folder, made by its service.cpp and
// registered by one line in actors/services.def.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "actors/runtime/command_table.hpp"
#include "actors/runtime/invariant.hpp"
#include "actors/runtime/route.hpp"
#include "actors/runtime/saga_plan.hpp"
#include "actors/runtime/state_machine.hpp"

namespace stoa {

// A fact of another service becomes a command here, exactly once in effect: the command is sent as the outbox sends.
struct Subscription {
  std::string_view fact;  // kName of the event
  std::function<AnyCommand(const std::string& payload)> command;
};

// A resource whose GET any reader may make from committed records, on the loop of its shard and without its actor.
// Its path is `path` and then its id; the first 16 bytes of the keys of its records are that id.
struct HotResource {
  std::string_view path;       // "/v1/things/"
  std::string_view id_prefix;  // "thg_"
  std::vector<Table> tables;   // all that its answer is made of
  Answer (*read)(const Uuid& id, const Reader& reader) = nullptr;
};

class ServicePort;  // spawns the service's typed actors and talks to them: actors/runtime/service_port.hpp

struct Service {
  std::string_view name;
  uint16_t number = 0;  // stable, of services.def
  CommandTable commands;
  std::vector<Route> routes;
  std::vector<RefusalStatus> refusals;
  std::map<std::string, SagaKind> sagas;  // by kind
  // How far a command that ended with Outcome::later(token) has come: its answer when a client waits no longer.
  Outcome (*progress)(const Uuid& token, const Reader& reader) = nullptr;
  std::vector<Subscription> subscriptions;
  std::vector<StateMachine> machines;
  std::vector<InvariantCheck> invariants;
  std::vector<HotResource> hot;
  std::function<std::unique_ptr<ServicePort>()> make_port;
};

}  // namespace stoa
