#include <iostream>

#include "actors/catalog/settings.hpp"
#include "app/admin_tool.hpp"
#include "app/command_line.hpp"

namespace stoa {
namespace {

using nlohmann::json;

std::string text_of(const json& value) {
  if (value.is_null()) return "-";
  return value.is_string() ? value.get<std::string>() : value.dump();
}

const json& at(const json& document, std::string_view key) {
  static const json kNone;
  const json::json_pointer pointer(setting_pointer(key));
  return document.contains(pointer) ? document.at(pointer) : kNone;
}

bool is_set(const json& document, std::string_view key) {
  for (const json& name : document.value("set", json::array())) {
    if (name == key) return true;
  }
  return false;
}

int unknown_key(AdminTool& tool, const std::string& key) {
  std::string known;
  for (const SettingSchema& s : settings_schema()) known += (known.empty() ? "" : ", ") + std::string(s.key);
  return tool.fail("there is no setting \"" + key + "\"; there are " + known, kExitUsage);
}

int run_get(const ConfigOptions& options) {
  AdminTool tool("stoa config get", options.admin);
  if (!options.key.empty() && setting_schema(options.key) == nullptr) return unknown_key(tool, options.key);
  const auto document = tool.get("/v1/config");
  if (!document) return tool.exit_code();
  if (!options.key.empty()) {
    const json& value = at(*document, options.key);
    std::cout << (tool.json() ? value.dump() : text_of(value)) << "\n";
    return kExitSuccess;
  }
  if (tool.json()) return std::cout << document->dump(2) << "\n", kExitSuccess;
  std::vector<std::vector<std::string>> rows = {{"SETTING", "VALUE", "FROM", "MEANING"}};
  for (const SettingSchema& s : settings_schema()) {
    rows.push_back({std::string(s.key), text_of(at(*document, s.key)), is_set(*document, s.key) ? "catalog" : "file",
                    std::string(s.meaning)});
  }
  std::cout << "version " << text_of(document->value("version", json())) << "\n" << table_text(rows);
  return kExitSuccess;
}

// What was typed, in the form that the setting has; a value that does not fit is told by the node, with its pointer.
json typed(const SettingSchema& schema, const std::string& text) {
  const json parsed = json::parse(text, nullptr, false);
  if (schema.form == SettingForm::kWhole && parsed.is_number_integer()) return parsed;
  return text;
}

int run_set(const ConfigOptions& options) {
  AdminTool tool("stoa config set", options.admin);
  const SettingSchema* schema = setting_schema(options.key);
  if (schema == nullptr) return unknown_key(tool, options.key);
  if (options.unset == !options.value.empty())
    return tool.fail("name a value, or --unset to go by the configuration file again", kExitUsage);
  json patch;
  patch[json::json_pointer(setting_pointer(options.key))] = options.unset ? json() : typed(*schema, options.value);
  const auto document = tool.send("PATCH", "/v1/config", patch, options.if_version);
  if (!document) return tool.exit_code();
  if (tool.json()) return std::cout << document->dump(2) << "\n", kExitSuccess;
  std::cout << options.key << " is " << text_of(at(*document, options.key)) << " as of version "
            << text_of(document->value("version", json())) << "\n";
  return kExitSuccess;
}

int run_history(const ConfigOptions& options) {
  AdminTool tool("stoa config history", options.admin);
  if (!options.key.empty() && setting_schema(options.key) == nullptr) return unknown_key(tool, options.key);
  const auto document = tool.get("/v1/config/history" + (options.key.empty() ? "" : "?key=" + options.key));
  if (!document) return tool.exit_code();
  if (tool.json()) return std::cout << document->dump(2) << "\n", kExitSuccess;
  std::vector<std::vector<std::string>> rows = {{"VERSION", "AT", "BY", "SETTING", "FROM", "TO", ""}};
  for (const json& made : document->value("items", json::array())) {
    const json back = made.value("rolled_back_to", json());
    for (const json& change : made.value("changes", json::array())) {
      rows.push_back({text_of(made.value("version", json())), text_of(made.value("at", json())),
                      text_of(made.value("by", json())), text_of(change.value("key", json())),
                      text_of(change.value("from", json())), text_of(change.value("to", json())),
                      back.is_null() ? "" : "rolled back to " + text_of(back)});
    }
  }
  std::cout << table_text(rows);
  return kExitSuccess;
}

int run_rollback(const ConfigOptions& options) {
  AdminTool tool("stoa config rollback", options.admin);
  const auto document = tool.send("POST", "/v1/config/rollback", {{"version", options.version}}, options.if_version);
  if (!document) return tool.exit_code();
  if (tool.json()) return std::cout << document->dump(2) << "\n", kExitSuccess;
  std::cout << "all settings are as at version " << options.version << "; this is version "
            << text_of(document->value("version", json())) << "\n";
  return kExitSuccess;
}

CLI::App* add_verb(CLI::App& config, const char* name, const char* what, ConfigOptions& options, Action& action,
                   int (*run)(const ConfigOptions&)) {
  CLI::App* verb = config.add_subcommand(name, what);
  add_admin_options(*verb, options.admin);
  verb->callback([&options, &action, run] { action = [&options, run] { return run(options); }; });
  return verb;
}

}  // namespace

void add_config(CLI::App& root, ConfigOptions& options, Action& action) {
  CLI::App* config = root.add_subcommand("config", "Read and change the settings of a running cluster");
  config->require_subcommand(1);
  CLI::App* get = add_verb(*config, "get", "What the settings are, or one of them", options, action, run_get);
  get->add_option("KEY", options.key, "A setting, such as limits.max_in_flight");
  CLI::App* set = add_verb(*config, "set", "Change a setting on all nodes, within a second", options, action, run_set);
  set->add_option("KEY", options.key, "A setting")->required();
  set->add_option("VALUE", options.value, "Its new value");
  set->add_flag("--unset", options.unset, "Go by each node's configuration file again");
  set->add_option("--if-version", options.if_version, "Only if the settings have this version");
  CLI::App* history = add_verb(*config, "history", "Who changed what, and when", options, action, run_history);
  history->add_option("KEY", options.key, "Of one setting only");
  CLI::App* rollback =
      add_verb(*config, "rollback", "Make all settings what they were at a version", options, action, run_rollback);
  rollback->add_option("VERSION", options.version, "0: before the first change")->required();
  rollback->add_option("--if-version", options.if_version, "Only if the settings have this version now");
}

}  // namespace stoa
