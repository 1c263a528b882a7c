#include "actors/catalog/directory_store.hpp"

#include "actors/catalog/records.hpp"

namespace stoa::catalog {
namespace {

constexpr uint64_t kAuditKept = 10'000;
constexpr uint64_t kOnly = 0;  // the key of what there is one of

template <class R>
bool same(const R& a, const R& b) {
  return encode(a) == encode(b);
}

ClusterRecord cluster_of(const Directory& d) { return {d.formation, d.version, d.cluster, d.replication}; }

bool write_nodes(const std::vector<DirectoryNode>& before, const std::vector<DirectoryNode>& after, Transaction& tx) {
  bool any = false;
  for (uint64_t place = 0; place < after.size(); ++place) {
    if (place < before.size() && same(before[place], after[place])) continue;
    tx.put(NodeRecord{place, after[place]});
    any = true;
  }
  for (uint64_t place = after.size(); place < before.size(); ++place) {
    tx.erase<NodeRecord>(place);
    any = true;
  }
  return any;
}

// Groups are never taken away.
bool write_groups(const Directory& before, const std::vector<DirectoryGroup>& after, Transaction& tx) {
  bool any = false;
  for (const DirectoryGroup& group : after) {
    const DirectoryGroup* was = before.group(group.id());
    if (was != nullptr && same(*was, group)) continue;
    tx.put(GroupRecord{group});
    any = true;
  }
  return any;
}

}  // namespace

Directory read_directory(const Reader& reader) {
  Directory d;
  const auto cluster = reader.find<ClusterRecord>(kOnly);
  if (!cluster) return d;
  d.formation = cluster->formation;
  d.version = cluster->version;
  d.cluster = cluster->cluster;
  d.replication = cluster->replication;
  reader.scan<NodeRecord>(std::tuple<>(), false, [&](NodeRecord r) {
    d.nodes.push_back(std::move(r.node));
    return true;
  });
  reader.scan<GroupRecord>(std::tuple<>(), false, [&](GroupRecord r) {
    d.groups.push_back(std::move(r.group));
    return true;
  });
  return d;
}

uint64_t directory_version(const Reader& reader) {
  const auto cluster = reader.find<ClusterRecord>(kOnly);
  return cluster ? cluster->version : 0;
}

void write_directory(const Directory& before, Directory& after, Transaction& tx) {
  const bool nodes = write_nodes(before.nodes, after.nodes, tx);
  const bool groups = write_groups(before, after.groups, tx);
  if (!nodes && !groups && same(cluster_of(before), cluster_of(after))) return;
  if (after.version <= before.version) after.version = before.version + 1;
  tx.put(cluster_of(after));
}

void write_audit(std::string by, std::string_view what, std::string detail, Transaction& tx) {
  uint64_t last = 0;
  tx.scan<AuditRecord>(std::tuple<>(), true, [&](const AuditRecord& r) {
    last = r.entry.seq;
    return false;
  });
  tx.put(AuditRecord{{last + 1, tx.now(), std::move(by), std::string(what), std::move(detail)}});
  if (last >= kAuditKept) tx.erase<AuditRecord>(last + 1 - kAuditKept);
}

}  // namespace stoa::catalog
