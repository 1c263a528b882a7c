// Whose data a data directory holds: <data>/stoa.json, written once and before any other data, read at every start.
// It refuses a directory of another cluster or node, and shard counts other than those the data was created with:
// every id names its shard by them. A replica's id is minted once here; a lost directory comes back under new ones.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/group.hpp"
#include "base/random.hpp"
#include "base/result.hpp"
#include "cluster/config.hpp"
#include "cluster/replica_boot.hpp"
#include "storage/disk.hpp"

namespace stoa {

struct DataIdentity {
  std::string cluster;
  std::string node;
  std::map<std::string, uint16_t> shards;  // of every service that has data here
  std::map<GroupId, ReplicaBirth> replicas;
  std::string data_id;    // random, minted with the directory: a node that lost its disk is told from one that did not
  std::string formation;  // of the cluster that these replicas belong to; empty: not part of one yet
  uint64_t placed_by_version = 0;  // of the newest cluster directory by which replicas were opened or closed here
};

// nullopt: there is no data yet. An error where the file is damaged, of an unknown version, or gone from beside a
// journal: a node that minted new ids there would forget its votes and wipe its state.
Result<std::optional<DataIdentity>> read_identity(Disk& data);

// Durable when this returns; a crash leaves the old file or the new one, whole.
Result<void> write_identity(Disk& data, const DataIdentity& identity);

// The pointer of each value in the configuration that is not the one the data was created with.
std::vector<ConfigFault> compare_identity(const DataIdentity& identity, const Config& config, const std::string& node);

// An identity for a directory without data, or with the services added that `identity` does not know yet, and for each
// of `groups` a replica that is the group's only voter. True when something was added and must be written before it is
// used.
bool complete_identity(DataIdentity& identity, const Config& config, const std::string& node,
                       const std::vector<GroupId>& groups, Random& random);

}  // namespace stoa
