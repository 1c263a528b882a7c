#include "scenarios/scenario.hpp"

#include <algorithm>
#include <lua.hpp>

#include "scenarios/lua_json.hpp"
#include "scenarios/scenario_part.hpp"

namespace stoa::scenarios {
namespace {

constexpr double kHighestRate = 1e6;

std::vector<Phase> read_load(const ScenarioPart& load) {
  std::vector<Phase> phases;
  load.must_be_list();
  if (load.ok() && load.size() == 0) load.refuse("must hold at least one phase");
  for (size_t at = 0; load.ok() && at < load.size(); ++at) {
    const ScenarioPart part = load.item(at);
    Phase phase;
    const std::string shape = part.key("shape").text();
    if (shape == "constant") {
      part.only({"shape", "rate", "duration", "arrivals"});
      phase.from = phase.to = part.key("rate").number(0, kHighestRate);
    } else if (shape == "ramp") {
      part.only({"shape", "from", "to", "duration", "arrivals"});
      phase.from = part.key("from").number(0, kHighestRate);
      phase.to = part.key("to").number(0, kHighestRate);
    } else {
      part.key("shape").refuse("is \"" + shape + "\"; it must be \"constant\" or \"ramp\"");
    }
    phase.duration_ns = part.key("duration").duration_ns();
    if (const ScenarioPart arrivals = part.key("arrivals"); arrivals.present()) {
      const std::string kind = arrivals.text();
      if (kind != "uniform" && kind != "poisson") arrivals.refuse("must be \"uniform\" or \"poisson\"");
      phase.poisson = kind == "poisson";
    }
    phases.push_back(phase);
  }
  if (load.ok() && peak_rate(phases) <= 0) load.refuse("has no rate above 0");
  return phases;
}

std::optional<UsersSpec> read_users(const ScenarioPart& part) {
  if (!part.present()) return std::nullopt;
  part.only({"count", "email", "password"});
  UsersSpec users;
  users.count = static_cast<int>(part.key("count").whole(1, 100'000));
  users.email = part.key("email").text();
  users.password = part.key("password").text();
  const size_t place = users.email.find("%d");
  const bool once = place != std::string::npos && users.email.find('%', place + 1) == std::string::npos &&
                    users.email.find('%') == place;
  if (!once) part.key("email").refuse("must hold %d once, the user's number");
  return users;
}

std::vector<Threshold> read_thresholds(const ScenarioPart& part, const std::vector<FlowSpec>& flows) {
  std::vector<Threshold> thresholds;
  if (!part.present()) return thresholds;
  part.must_be_table();
  for (const std::string& name : part.names()) {
    const ScenarioPart bound(part.key(name));
    const auto threshold = parse_threshold(name, bound.text());
    if (!part.ok()) break;
    if (!threshold) {
      part.refuse("\"" + name + "\" " + threshold.error().what);
      break;
    }
    // A subject is a flow or a request; a check's name is known only once it has run.
    const std::string& subject = threshold->subject;
    const bool known = threshold->metric == Metric::kChecks || subject.empty() ||
                       subject.find(' ') != std::string::npos ||
                       std::any_of(flows.begin(), flows.end(), [&](const auto& flow) { return flow.name == subject; });
    if (!known) part.refuse("\"" + name + "\" names neither a flow nor a request such as \"POST /v1/orders\"");
    thresholds.push_back(*threshold);
  }
  return thresholds;
}

VerifySpec read_verify(const ScenarioPart& part) {
  VerifySpec verify;
  if (!part.present()) return verify;
  part.must_be_list();
  for (size_t at = 0; part.ok() && at < part.size(); ++at) {
    const std::string what = part.item(at).text();
    if (what == "stock") {
      verify.stock = true;
    } else if (what == "orders") {
      verify.orders = true;
    } else if (what == "idempotency") {
      verify.idempotency = true;
    } else if (what == "events") {
      verify.events = true;
    } else {
      part.item(at).refuse("is \"" + what + "\"; it must be \"stock\", \"orders\", \"idempotency\" or \"events\"");
    }
  }
  return verify;
}

void read_faults(const ScenarioPart& part) {
  if (!part.present()) return;
  part.must_be_list();
  for (size_t at = 0; part.ok() && at < part.size(); ++at) {
    const ScenarioPart fault = part.item(at);
    fault.only({"at", "action", "node"});
    fault.key("at").duration_ns();
    fault.key("node").text();
    const std::string action = fault.key("action").text();
    if (action != "kill" && action != "start") {
      fault.key("action").refuse("is \"" + action + "\"; it must be \"kill\" or \"start\"");
    }
  }
  if (part.ok() && part.size() > 0) {
    part.refuse(
        "faults need a cluster whose nodes this load tool can start and kill, which it cannot yet; leave them out");
  }
}

// The functions below `flows`, on top of the stack, with the weights of `mix`.
std::vector<FlowSpec> read_flows(lua_State* lua, const ScenarioPart& root, const ScenarioPart& mix) {
  std::vector<FlowSpec> flows;
  const ScenarioPart path = root.key("flows");
  if (!lua_istable(lua, -1)) path.refuse("must be a table of functions");
  if (!path.ok()) return flows;
  for (lua_pushnil(lua); lua_next(lua, -2);) {
    const bool named = lua_type(lua, -2) == LUA_TSTRING;
    const std::string name = named ? lua_tostring(lua, -2) : "";
    const bool reserved = name == "checks" || name == "errors" || name.find_first_of(" .") != std::string::npos;
    if (!named || !lua_isfunction(lua, -1)) path.refuse("must hold functions by name");
    if (reserved) path.key(name).refuse("is no name for a flow: thresholds would mistake it");
    FlowSpec flow;
    flow.name = name;
    flow.weight = mix.present() ? 0 : 1;
    flow.function = luaL_ref(lua, LUA_REGISTRYINDEX);
    flows.push_back(flow);
  }
  std::sort(flows.begin(), flows.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  if (mix.present()) mix.must_be_table();
  for (const std::string& name : mix.names()) {
    const auto flow = std::find_if(flows.begin(), flows.end(), [&](const auto& f) { return f.name == name; });
    if (flow == flows.end()) mix.key(name).refuse("there is no such flow");
    if (!mix.ok()) return flows;
    flow->weight = mix.key(name).whole(0, 1'000'000);
  }
  flows.erase(std::remove_if(flows.begin(), flows.end(), [](const auto& f) { return f.weight == 0; }), flows.end());
  if (flows.empty()) path.refuse("no flow would ever run");
  return flows;
}

// What the table on top of the stack says outside its functions, as JSON.
nlohmann::json plain_values(lua_State* lua, std::string& fault) {
  nlohmann::json values = nlohmann::json::object();
  for (lua_pushnil(lua); lua_next(lua, -2); lua_pop(lua, 1)) {
    if (lua_type(lua, -2) != LUA_TSTRING) {
      fault = "the scenario: must have names for keys";
      return values;
    }
    const std::string name = lua_tostring(lua, -2);
    if (name == "setup" || name == "flows") {
      values[name] = true;
      continue;
    }
    std::string text;
    std::string error;
    if (!write_json(lua, -1, text, error)) {
      fault = name + ": " + error;
      return values;
    }
    values[name] = nlohmann::json::parse(text, nullptr, false);
    if (values[name].is_discarded()) fault = name + ": is not UTF-8";
  }
  return values;
}

Scenario read_table(lua_State* lua, std::string& fault) {
  Scenario scenario;
  const ScenarioPart root(plain_values(lua, fault), "", fault);
  if (!root.ok()) return scenario;
  root.only({"name", "seed", "target", "setup", "load", "users", "mix", "flows", "thresholds", "faults", "verify",
             "timeout", "settle", "start_lag", "connections", "in_flight"});
  scenario.name = root.key("name").text();
  if (const auto seed = root.key("seed"); seed.present()) scenario.seed = seed.whole(0, INT64_MAX);
  if (const auto target = root.key("target"); target.present()) scenario.target = target.text();
  scenario.load = read_load(root.key("load"));
  scenario.users = read_users(root.key("users"));
  if (lua_getfield(lua, -1, "setup") == LUA_TFUNCTION) {
    scenario.setup = luaL_ref(lua, LUA_REGISTRYINDEX);
  } else {
    if (!lua_isnil(lua, -1)) root.key("setup").refuse("must be a function");
    lua_pop(lua, 1);
  }
  lua_getfield(lua, -1, "flows");
  scenario.flows = read_flows(lua, root, root.key("mix"));
  lua_pop(lua, 1);
  scenario.thresholds = read_thresholds(root.key("thresholds"), scenario.flows);
  scenario.verify = read_verify(root.key("verify"));
  read_faults(root.key("faults"));
  if (const auto timeout = root.key("timeout"); timeout.present()) scenario.timeout_ns = timeout.duration_ns();
  if (const auto settle = root.key("settle"); settle.present()) scenario.settle_ns = settle.duration_ns();
  if (const auto lag = root.key("start_lag"); lag.present()) scenario.start_lag_ns = lag.duration_ns();
  if (const auto most = root.key("connections"); most.present()) scenario.connections = most.whole(1, 20'000);
  if (const auto most = root.key("in_flight"); most.present()) scenario.in_flight = most.whole(1, 1'000'000);
  return scenario;
}

}  // namespace

Result<Scenario> read_scenario(lua_State* lua, const std::string& file) {
  const int top = lua_gettop(lua);
  // The text form only: a compiled chunk could do anything to this process.
  if (luaL_loadfilex(lua, file.c_str(), "t") != LUA_OK || lua_pcall(lua, 0, 1, 0) != LUA_OK) {
    const char* said = lua_tostring(lua, -1);
    const Error error{said ? said : file + ": raised an error that is no text"};
    lua_settop(lua, top);
    return error;
  }
  if (!lua_istable(lua, -1)) {
    lua_settop(lua, top);
    return Error{file + ": must return a table, the scenario"};
  }
  std::string fault;
  Scenario scenario = read_table(lua, fault);
  lua_settop(lua, top);
  if (!fault.empty()) return Error{file + ": " + fault};
  scenario.file = file;
  return scenario;
}

}  // namespace stoa::scenarios
