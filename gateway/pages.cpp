#include "gateway/pages.hpp"

#include <nlohmann/json.hpp>

#include "gateway/docs_page.hpp"

namespace stoa {

std::string state_machine_document(const std::vector<Service>& services) {
  auto machines = nlohmann::ordered_json::array();
  for (const Service& service : services) {
    for (const StateMachine& machine : service.machines) {
      auto transitions = nlohmann::ordered_json::array();
      for (const Transition& t : machine.transitions) {
        transitions.push_back({{"from", t.from}, {"command", t.command}, {"to", t.to}});
      }
      machines.push_back({{"name", machine.name}, {"initial", machine.initial}, {"transitions", transitions}});
    }
  }
  return nlohmann::ordered_json{{"machines", machines}}.dump();
}

std::vector<StaticPage> make_pages(const std::vector<Service>& services, const ProblemTable& problems,
                                   const std::string& version, const std::string& jwks) {
  return {
      {std::string(kKeysPath), "application/json", jwks, "The public keys that access tokens are signed with", true},
      {"/openapi.json", "application/json", openapi_document(services, problems, version), "This API, as OpenAPI 3.1"},
      {"/docs", "text/html; charset=utf-8", std::string(kDocsPage), "A page to try this API"},
      {"/meta/state-machines", "application/json", state_machine_document(services), "The states of things"},
  };
}

}  // namespace stoa
