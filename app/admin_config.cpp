#include "app/admin_config.hpp"

#include <charconv>

#include "actors/catalog/settings.hpp"
#include "base/json.hpp"
#include "gateway/entity_tag.hpp"
#include "gateway/problem.hpp"
#include "gateway/query_string.hpp"

namespace stoa {
namespace {

using nlohmann::ordered_json;
using Reply = std::function<void(AdminResponse)>;

constexpr const char* kRates = "limits.rate";

AdminResponse refusal(Answer answer) {
  AdminResponse response;
  response.refusal = std::move(answer);
  return response;
}

// As the document shows it: numbers as numbers.
ordered_json shown(const SettingSchema& schema, const std::string& value) {
  if (schema.form == SettingForm::kWhole) return whole_setting(value);
  return value;
}

// What GET shows of settings: `set` in the catalog, the rest by the node's file.
AdminResponse document(const SettingsView& view, LiveSettings settings) {
  settings.learn(view);
  ordered_json doc = {{"version", view.version}, {"set", ordered_json::array()}};
  for (const SettingSchema& s : settings_schema()) {
    const std::string key(s.key);
    if (settings.is_set(key)) doc["set"].push_back(key);
    doc[ordered_json::json_pointer(setting_pointer(key))] = shown(s, settings.value(key));
  }
  return {200, doc.dump() + "\n", "application/json", std::to_string(view.version), {}};
}

std::function<void(const Answer&)> answer_with_document(const LiveSettings& settings, Reply reply) {
  return [&settings, reply = std::move(reply)](const Answer& answer) {
    if (answer.refused()) return reply(refusal(answer));
    reply(document(decode_stored<SettingsView>(answer.body), settings));
  };
}

std::string escaped(const std::string& part) {
  std::string out;
  for (const char c : part) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return out;
}

// The leaves of a merge patch as wishes; what is no setting is a fault.
void read_wishes(const nlohmann::json& patch, const std::string& key, const std::string& pointer,
                 std::vector<SettingWish>& wishes, std::vector<FieldError>& faults) {
  if (const SettingSchema* schema = setting_schema(key)) {
    const bool number = schema->form == SettingForm::kWhole;
    if (patch.is_null()) return wishes.push_back({key, std::nullopt});
    if (number && patch.is_number_integer()) return wishes.push_back({key, patch.dump()});
    if (!number && patch.is_string()) return wishes.push_back({key, patch.get<std::string>()});
    return faults.push_back({pointer, "wrong_type", number ? "must be a whole number" : "must be a string"});
  }
  bool level = key.empty();
  for (const SettingSchema& s : settings_schema()) level = level || s.key.substr(0, key.size() + 1) == key + ".";
  if (!level) return faults.push_back({pointer, "unknown_field", "there is no such setting"});
  if (key == kRates && patch == "off") {  // as in the configuration file
    for (const SettingSchema& s : settings_schema()) {
      if (s.form == SettingForm::kRate) wishes.push_back({std::string(s.key), "off"});
    }
    return;
  }
  if (!patch.is_object()) return faults.push_back({pointer, "wrong_type", "must be an object"});
  for (const auto& [name, inner] : patch.items()) {
    read_wishes(inner, key.empty() ? name : key + "." + name, pointer + "/" + escaped(name), wishes, faults);
  }
}

std::optional<uint64_t> whole(std::string_view text) {
  uint64_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return n;
}

// nullopt with `stale` set: a tag that no version has.
std::optional<uint64_t> wanted_version(const std::string& if_match, bool& stale) {
  stale = false;
  if (if_match.empty()) return std::nullopt;
  const auto tag = parse_if_match(if_match);
  if (tag && *tag == "*") return std::nullopt;
  const auto version = tag ? whole(*tag) : std::nullopt;
  stale = !version;
  return version;
}

Answer no_such_version() { return refuse(kStaleVersion, "If-Match names no version of the settings").answer; }

void patch(CatalogCaller& catalog, const LiveSettings& settings, const std::string& by, const AdminRequest& request,
           Reply reply) {
  const auto body = parse_json(request.body);
  if (!body) return reply(refusal(problem("malformed_json", body.error().what)));
  SetSettings command;
  std::vector<FieldError> faults;
  read_wishes(*body, "", "", command.wishes, faults);
  if (!faults.empty()) return reply(refusal(problem("validation_failed", "the settings cannot be so", faults)));
  bool stale = false;
  command.if_version = wanted_version(request.if_match, stale);
  if (stale) return reply(refusal(no_such_version()));
  command.by = by;
  catalog.command(UserRole::kAdmin, std::move(command), answer_with_document(settings, std::move(reply)));
}

void roll_back(CatalogCaller& catalog, const LiveSettings& settings, const std::string& by, const AdminRequest& request,
               Reply reply) {
  const auto body = parse_json(request.body);
  if (!body) return reply(refusal(problem("malformed_json", body.error().what)));
  if (!body->is_object() || body->size() != 1 || !body->value("version", nlohmann::json()).is_number_unsigned()) {
    return reply(refusal(problem("validation_failed", "the body must be {\"version\": N}",
                                 {{"/version", "wrong_type", "must be a whole number, 0 or more"}})));
  }
  RollbackSettings command;
  bool stale = false;
  command.version = (*body)["version"].get<uint64_t>();
  command.if_version = wanted_version(request.if_match, stale);
  if (stale) return reply(refusal(no_such_version()));
  command.by = by;
  catalog.command(UserRole::kAdmin, std::move(command), answer_with_document(settings, std::move(reply)));
}

void history(CatalogCaller& catalog, const AdminRequest& request, Reply reply) {
  ListSettingsHistory query;
  QueryString asked = parse_query(request.query, {"key"});
  if (!asked.faults.empty())
    return reply(refusal(problem("validation_failed", "the query cannot be so", asked.faults)));
  query.key = asked.values["key"];
  if (!query.key.empty() && setting_schema(query.key) == nullptr)
    return reply(refusal(problem("not_found", "there is no setting \"" + query.key + "\"")));
  catalog.query(UserRole::kAdmin, query, [reply = std::move(reply)](const Answer& answer) {
    if (answer.refused()) return reply(refusal(answer));
    reply({200, answer.body + "\n"});
  });
}

}  // namespace

std::vector<AdminRoute> config_routes(CatalogCaller& catalog, const LiveSettings& settings, const std::string& node) {
  const std::string by = "the admin token of " + node;
  return {
      {"GET", "/v1/config",
       [&](const AdminRequest&, Reply reply) {
         catalog.query(UserRole::kAdmin, ReadSettings{}, answer_with_document(settings, std::move(reply)));
       }},
      {"PATCH", "/v1/config",
       [&, by](const AdminRequest& request, Reply reply) { patch(catalog, settings, by, request, std::move(reply)); }},
      {"GET", "/v1/config/history",
       [&](const AdminRequest& request, Reply reply) { history(catalog, request, std::move(reply)); }},
      {"POST", "/v1/config/rollback", [&, by](const AdminRequest& request, Reply reply) {
         roll_back(catalog, settings, by, request, std::move(reply));
       }}};
}

}  // namespace stoa
