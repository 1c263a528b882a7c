#include <algorithm>
#include <nlohmann/json.hpp>

#include "gateway/pages.hpp"

namespace stoa {
namespace {

using Json = nlohmann::ordered_json;

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

std::string operation_id(const Route& route) {
  std::string out = lower(verb_name(route.verb));
  for (const char c : route.path) out += (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : '_';
  return out;
}

Json parameter(std::string_view name, std::string_view in, bool required) {
  return {{"name", name}, {"in", in}, {"required", required}, {"schema", {{"type", "string"}}}};
}

Json parameters_of(const Route& route) {
  Json out = Json::array();
  for (size_t at = route.path.find('{'); at != route.path.npos; at = route.path.find('{', at + 1)) {
    out.push_back(parameter(route.path.substr(at + 1, route.path.find('}', at) - at - 1), "path", true));
  }
  std::vector<std::string> names = route.query_names;
  if (route.kind == Route::Kind::kList) {
    for (const char* name : {"limit", "cursor"}) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.emplace_back(name);
    }
  }
  for (const std::string& name : names) {
    Json p = parameter(name, "query", false);
    if (name == "limit") p["schema"] = {{"type", "integer"}, {"minimum", 1}, {"maximum", 100}, {"default", 20}};
    out.push_back(std::move(p));
  }
  if (route.verb == Verb::kPost) out.push_back(parameter("Idempotency-Key", "header", route.idempotency_key_required));
  if (route.verb == Verb::kPatch) out.push_back(parameter("If-Match", "header", false));
  if (route.may_wait) out.push_back(parameter("Prefer", "header", false));
  return out;
}

Json problem_response(std::string_view title) {
  return {{"description", title},
          {"content", {{"application/problem+json", {{"schema", {{"$ref", "#/components/schemas/Problem"}}}}}}}};
}

Json responses_of(const Route& route) {
  const bool creates = !route.location.empty();
  // A POST that names no place answers 201 where something came to be, otherwise 200.
  const char* good = creates ? "201" : route.verb == Verb::kDelete ? "204" : route.verb == Verb::kPost ? "2XX" : "200";
  Json out;
  out[good] = {{"description", creates ? "Created" : route.verb == Verb::kDelete ? "Done" : "The resource"}};
  if (route.verb != Verb::kDelete) {
    Json schema{{"type", "object"}};
    if (route.kind == Route::Kind::kList) schema = {{"$ref", "#/components/schemas/List"}};
    out[good]["content"] = {{"application/json", {{"schema", schema}}}};
  }
  if (route.may_wait) out["202"] = {{"description", "Accepted; see Location"}};
  out["400"] = problem_response("The request does not fit");
  if (route.access != Access::kAnyone) {
    out["401"] = problem_response("Who is calling is not known");
    out["403"] = problem_response("Not allowed for this role");
  }
  if (route.path.find('{') != route.path.npos) out["404"] = problem_response("Not found");
  out["429"] = problem_response("Too many requests");
  out["503"] = problem_response("Temporarily unavailable");
  out["default"] = problem_response("Any other error");
  return out;
}

Json operation_of(const Service& service, const Route& route) {
  static constexpr const char* kWho[] = {"anyone",          "any user",       "customer",
                                         "merchant, admin", "carrier, admin", "admin"};
  Json out;
  out["operationId"] = operation_id(route);
  out["summary"] = route.summary;
  out["description"] = std::string("Who: ") + kWho[static_cast<size_t>(route.access)];
  out["tags"] = {service.name};
  out["parameters"] = parameters_of(route);
  if (route.takes_body) {
    out["requestBody"] = {{"required", true}, {"content", {{"application/json", {{"schema", {{"type", "object"}}}}}}}};
  }
  out["responses"] = responses_of(route);
  out["security"] = Json::array();
  if (route.access != Access::kAnyone) out["security"].push_back({{"bearer", Json::array()}});
  return out;
}

Json components(const ProblemTable& problems) {
  Json codes = Json::array();
  for (const auto& [code, kind] : problems.all()) codes.push_back(code);
  Json string{{"type", "string"}};
  Json fault{{"type", "object"}, {"properties", {{"pointer", string}, {"code", string}, {"detail", string}}}};
  Json properties{{"type", string},
                  {"title", string},
                  {"status", {{"type", "integer"}}},
                  {"code", {{"type", "string"}, {"enum", codes}}},
                  {"detail", string},
                  {"trace_id", string},
                  {"errors", {{"type", "array"}, {"items", fault}}}};
  Json out;
  out["schemas"]["Problem"] = {{"type", "object"}, {"properties", properties}};
  out["schemas"]["List"] = {{"type", "object"},
                            {"properties",
                             {{"items", {{"type", "array"}, {"items", {{"type", "object"}}}}},
                              {"next_cursor", {{"type", Json::array({"string", "null"})}}}}}};
  out["securitySchemes"]["bearer"] = {{"type", "http"}, {"scheme", "bearer"}, {"bearerFormat", "JWT"}};
  return out;
}

}  // namespace

std::string openapi_document(const std::vector<Service>& services, const ProblemTable& problems,
                             const std::string& version) {
  Json doc;
  doc["openapi"] = "3.1.0";
  doc["info"] = {{"title", "Stoa"}, {"version", version}};
  doc["servers"] = Json::array({{{"url", "/"}}});
  doc["paths"] = Json::object();
  for (const Service& service : services) {
    for (const Route& route : service.routes) {
      doc["paths"][route.path][lower(verb_name(route.verb))] = operation_of(service, route);
    }
  }
  doc["components"] = components(problems);
  return doc.dump();
}

}  // namespace stoa
