// What the catalog stores.
#pragma once

#include "actors/catalog/types.hpp"
#include "actors/catalog/types_keys.hpp"
#include "actors/catalog/types_settings.hpp"
#include "storage/key.hpp"

namespace stoa {

// The cluster itself: all of the directory but its lists. One, under key 0.
struct ClusterRecord {
  static constexpr Table kTable = 1;
  std::string formation;
  uint64_t version = 0;
  std::string cluster;
  uint32_t replication = 1;

  uint64_t key() const { return 0; }
};
template <class V>
void fields(V& v, ClusterRecord& x) {
  v(1, "formation", x.formation);
  v(2, "version", x.version);
  v(3, "cluster", x.cluster);
  v(4, "replication", x.replication);
}

struct NodeRecord {
  static constexpr Table kTable = 2;
  uint64_t place = 0;  // in the order of joining
  DirectoryNode node;

  uint64_t key() const { return place; }
};
template <class V>
void fields(V& v, NodeRecord& x) {
  v(1, "place", x.place);
  v(2, "node", x.node);
}

struct GroupRecord {
  static constexpr Table kTable = 3;
  DirectoryGroup group;

  uint64_t key() const { return group.id().value(); }
};
template <class V>
void fields(V& v, GroupRecord& x) {
  v(1, "group", x.group);
}

struct AuditRecord {
  static constexpr Table kTable = 4;
  AuditEntry entry;

  uint64_t key() const { return entry.seq; }
};
template <class V>
void fields(V& v, AuditRecord& x) {
  v(1, "entry", x.entry);
}

// The settings as they are. One, under key 0.
struct SettingsRecord {
  static constexpr Table kTable = 5;
  uint64_t version = 0;
  std::map<std::string, std::string> values;

  uint64_t key() const { return 0; }
};
template <class V>
void fields(V& v, SettingsRecord& x) {
  v(1, "version", x.version);
  v(2, "values", x.values);
}

struct SettingsVersionRecord {
  static constexpr Table kTable = 6;
  SettingsVersion made;

  uint64_t key() const { return made.version; }
};
template <class V>
void fields(V& v, SettingsVersionRecord& x) {
  v(1, "made", x.made);
}

// The shared secrets, sealed. One, under key 0.
struct KeysRecord {
  static constexpr Table kTable = 7;
  KeysView view;

  uint64_t key() const { return 0; }
};
template <class V>
void fields(V& v, KeysRecord& x) {
  v(1, "view", x.view);
}

}  // namespace stoa
