#include <algorithm>

#include "actors/catalog/directory_store.hpp"
#include "actors/catalog/records.hpp"
#include "actors/catalog/rules.hpp"
#include "actors/catalog/settings.hpp"

namespace stoa::catalog {
namespace {

constexpr uint64_t kOnly = 0;
constexpr uint64_t kVersionsKept = 1000;

using Values = std::map<std::string, std::string>;

std::optional<std::string> value_of(const Values& values, const std::string& key) {
  const auto found = values.find(key);
  return found == values.end() ? std::nullopt : std::optional<std::string>(found->second);
}

void put_value(Values& values, const std::string& key, const std::optional<std::string>& value) {
  if (value)
    values[key] = *value;
  else
    values.erase(key);
}

std::vector<SettingChange> difference(const Values& before, const Values& after) {
  std::vector<SettingChange> changes;
  for (const SettingSchema& s : settings_schema()) {
    const std::string key(s.key);
    auto from = value_of(before, key), to = value_of(after, key);
    if (from != to) changes.push_back({key, std::move(from), std::move(to)});
  }
  return changes;
}

std::string text_of(const std::vector<SettingChange>& changes) {
  std::string text;
  for (const SettingChange& c : changes) {
    text += (text.empty() ? "" : ", ") + c.key + ": " + c.from.value_or("unset") + " to " + c.to.value_or("unset");
  }
  return text;
}

std::optional<Outcome> stale(const SettingsRecord& now, std::optional<uint64_t> if_version) {
  if (!if_version || *if_version == now.version) return std::nullopt;
  return refuse(kStaleVersion, "the settings have version " + std::to_string(now.version) + " by now");
}

Outcome make_version(SettingsRecord now, Values values, std::string by, std::optional<uint64_t> rolled_back_to,
                     std::string_view what, Transaction& tx) {
  std::vector<SettingChange> changes = difference(now.values, values);
  if (!changes.empty()) {
    now.values = std::move(values);
    ++now.version;
    tx.put(now);
    write_audit(by, what, text_of(changes), tx);
    tx.put(SettingsVersionRecord{{now.version, tx.now(), std::move(by), rolled_back_to, std::move(changes)}});
    if (now.version > kVersionsKept) tx.erase<SettingsVersionRecord>(now.version - kVersionsKept);
  }
  return reply(SettingsView{false, now.version, now.values});
}

}  // namespace

SettingsView settings_view(const Reader& reader) {
  const SettingsRecord now = reader.find<SettingsRecord>(kOnly).value_or(SettingsRecord{});
  return {false, now.version, now.values};
}

Outcome set_settings(const SetSettings& c, const Call& call, Transaction& tx) {
  if (!may_change(call)) return not_for_you();
  const SettingsRecord now = tx.find<SettingsRecord>(kOnly).value_or(SettingsRecord{});
  std::vector<FieldError> faults;
  Values values = now.values;
  for (const SettingWish& wish : c.wishes) {
    const SettingSchema* schema = setting_schema(wish.key);
    const std::string pointer = setting_pointer(wish.key);
    if (schema == nullptr) {
      faults.push_back({pointer, "unknown_field", "there is no such setting"});
    } else if (std::string fault = wish.value ? setting_fault(*schema, *wish.value) : ""; !fault.empty()) {
      faults.push_back({pointer, "invalid_value", std::move(fault)});
    } else {
      put_value(values, wish.key, wish.value);
    }
  }
  if (!faults.empty()) return refuse(kValidationFailed, "the settings cannot be so", std::move(faults));
  if (auto refused = stale(now, c.if_version)) return std::move(*refused);
  return make_version(now, std::move(values), c.by, std::nullopt, SetSettings::kName, tx);
}

Outcome roll_back_settings(const RollbackSettings& c, const Call& call, Transaction& tx) {
  if (!may_change(call)) return not_for_you();
  const SettingsRecord now = tx.find<SettingsRecord>(kOnly).value_or(SettingsRecord{});
  if (auto refused = stale(now, c.if_version)) return std::move(*refused);
  if (c.version > now.version) return refuse(kNotFound, "the settings never had that version");
  Values values = now.values;
  for (uint64_t version = now.version; version > c.version; --version) {
    const auto made = tx.find<SettingsVersionRecord>(version);
    if (!made) return refuse(kNotFound, "what the settings were at that version is no longer known");
    for (const SettingChange& change : made->made.changes) put_value(values, change.key, change.from);
  }
  return make_version(now, std::move(values), c.by, c.version, RollbackSettings::kName, tx);
}

Outcome read_settings(const ReadSettings& q, const Call& call, const Reader& reader) {
  if (!may_change(call)) return not_for_you();
  SettingsView view = settings_view(reader);
  view.unchanged = view.version == q.since_version && view.version != 0;
  if (view.unchanged) view.values.clear();
  return reply(view);
}

Outcome list_settings_history(const ListSettingsHistory& q, const Call& call, const Reader& reader) {
  if (!may_change(call)) return not_for_you();
  SettingsHistory history;
  reader.scan<SettingsVersionRecord>(std::tuple<>(), true, [&](SettingsVersionRecord r) {
    const auto& changes = r.made.changes;
    const bool meant = q.key.empty() || std::any_of(changes.begin(), changes.end(),
                                                    [&](const SettingChange& c) { return c.key == q.key; });
    if (meant) history.items.push_back(std::move(r.made));
    return true;
  });
  return ok(history);
}

}  // namespace stoa::catalog
