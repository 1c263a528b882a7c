#include "cluster/data_identity.hpp"

#include <algorithm>
#include <charconv>

#include "base/id.hpp"
#include "base/json.hpp"

namespace stoa {
namespace {

using nlohmann::json;

constexpr const char* kName = "stoa.json";
constexpr const char* kNewName = "stoa.json.new";
constexpr const char* kJournal = "journal";
constexpr int kVersion = 2;  // 1 had replicas that were all alone, and no data_id

Error damaged(const std::string& what) {
  return {std::string(kName) + " in the data directory " + what + "; restore it from a backup"};
}

bool read_number(const std::string& text, uint64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

// {"service": 2, "shard": 0, "id": "1234"}: the id as text, since it has more bits than other readers of JSON keep.
bool read_replica(const json& from, DataIdentity& identity) {
  uint64_t id = 0;
  if (!from.is_object() || !from.value("id", json()).is_string() || !read_number(from["id"], id) || id == 0)
    return false;
  if (!from.value("service", json()).is_number_unsigned() || !from.value("shard", json()).is_number_unsigned()) {
    return false;
  }
  const GroupId group{from["service"].get<uint16_t>(), from["shard"].get<uint16_t>()};
  ReplicaBirth birth{id, {}};
  if (!from.contains("voters")) birth = ReplicaBirth::alone(id);
  for (const json& voter : from.value("voters", json::array())) {
    uint64_t number = 0;
    if (!voter.is_string() || !read_number(voter, number) || number == 0) return false;
    birth.voters.push_back(number);
  }
  return identity.replicas.emplace(group, std::move(birth)).second;
}

bool read_fields(const json& from, DataIdentity& identity) {
  if (!from.value("cluster", json()).is_string() || !from.value("node", json()).is_string()) return false;
  if (!from.value("shards", json()).is_object() || !from.value("replicas", json()).is_array()) return false;
  identity.cluster = from["cluster"];
  identity.node = from["node"];
  identity.data_id = from.value("data_id", "");
  identity.formation = from.value("formation", "");
  const json placed = from.value("opened_by_version", json(0u));  // its name of before closing counted too
  if (!placed.is_number_unsigned()) return false;
  identity.placed_by_version = placed.get<uint64_t>();
  for (const auto& [service, count] : from["shards"].items()) {
    if (!count.is_number_unsigned()) return false;
    identity.shards[service] = count.get<uint16_t>();
  }
  const json& replicas = from["replicas"];
  return std::all_of(replicas.begin(), replicas.end(), [&](const json& r) { return read_replica(r, identity); });
}

std::string encoded(const DataIdentity& identity) {
  json replicas = json::array();
  for (const auto& [group, birth] : identity.replicas) {
    json voters = json::array();
    for (const ReplicaId voter : birth.voters) voters.push_back(std::to_string(voter));
    replicas.push_back({{"service", group.service},
                        {"shard", group.shard},
                        {"id", std::to_string(birth.id)},
                        {"voters", std::move(voters)}});
  }
  const json file = {{"version", kVersion},
                     {"cluster", identity.cluster},
                     {"node", identity.node},
                     {"data_id", identity.data_id},
                     {"formation", identity.formation},
                     {"opened_by_version", identity.placed_by_version},
                     {"shards", identity.shards},
                     {"replicas", std::move(replicas)}};
  return file.dump(1) + "\n";
}

}  // namespace

Result<std::optional<DataIdentity>> read_identity(Disk& data) {
  const auto names = data.list();
  if (!names) return names.error();
  const auto has = [&](const char* name) { return std::find(names->begin(), names->end(), name) != names->end(); };
  if (!has(kName)) {
    if (has(kJournal)) return damaged("is missing beside a journal");
    return std::optional<DataIdentity>();
  }
  const auto file = data.open(kName);
  if (!file) return file.error();
  const auto text = (*file)->read(0, (*file)->size());
  if (!text) return text.error();
  const auto parsed = parse_json(*text);
  if (!parsed || !parsed->is_object()) return damaged("is damaged");
  const json version = parsed->value("version", json());
  if (version != 1 && version != kVersion) return damaged("is of a version that this program does not know");
  DataIdentity identity;
  if (!read_fields(*parsed, identity)) return damaged("is damaged");
  return std::optional<DataIdentity>(std::move(identity));
}

Result<void> write_identity(Disk& data, const DataIdentity& identity) {
  const std::string text = encoded(identity);
  const auto file = data.create(kNewName, text.size());
  if (!file) return file.error();
  const auto written = (*file)->write(0, text);
  if (!written) return written;
  const auto synced = (*file)->sync();
  if (!synced) return synced;
  const auto renamed = data.rename(kNewName, kName);
  if (!renamed) return renamed;
  return data.sync_names();
}

std::vector<ConfigFault> compare_identity(const DataIdentity& identity, const Config& config, const std::string& node) {
  std::vector<ConfigFault> faults;
  if (identity.cluster != config.cluster) {
    faults.push_back({"/cluster", "the data directory belongs to the cluster \"" + identity.cluster + "\""});
  }
  if (identity.node != node) {
    const auto at =
        std::find_if(config.nodes.begin(), config.nodes.end(), [&](const auto& n) { return n.name == node; });
    faults.push_back({"/nodes/" + std::to_string(at - config.nodes.begin()) + "/data",
                      "the data directory belongs to the node \"" + identity.node + "\""});
  }
  for (const auto& [service, count] : identity.shards) {
    const auto now = config.shards.find(service);
    if (now != config.shards.end() && now->second != count) {
      faults.push_back({"/shards/" + service, "the data was created with " + std::to_string(count) +
                                                  " shards, and their number is fixed for good"});
    }
  }
  return faults;
}

bool complete_identity(DataIdentity& identity, const Config& config, const std::string& node,
                       const std::vector<GroupId>& groups, Random& random) {
  bool added = identity.cluster.empty();
  identity.cluster = config.cluster;
  identity.node = node;
  if (identity.data_id.empty()) {
    identity.data_id = mint_uuid(Time{0}, 0, random).hex();
    added = true;
  }
  for (const auto& [service, count] : config.shards) added |= identity.shards.emplace(service, count).second;
  for (const GroupId group : groups) {
    if (identity.replicas.count(group) != 0) continue;
    ReplicaId id = 0;
    while (id == 0) id = random.u64();
    identity.replicas.emplace(group, ReplicaBirth::alone(id));
    added = true;
  }
  return added;
}

}  // namespace stoa
