// What a node is told: its configuration, from a file or from the options of `stoa dev`, and its data directory.
#pragma once

#include <optional>
#include <ostream>
#include <vector>

#include "app/node_process.hpp"
#include "cluster/config.hpp"
#include "cluster/data_identity.hpp"
#include "storage/disk.hpp"

namespace stoa {

// Every service of this program with its default number of shards, but for the catalog: it has one, always.
std::map<std::string, uint16_t> default_shards();

// nullopt after one line on err per fault: "stoa node: FILE: /pointer: what is wrong".
std::optional<Config> load_node_config(const NodeOptions& options, std::ostream& err);

// Of a node with a gateway: a certificate for the public API that cannot be served. Told before anything is made.
std::vector<ConfigFault> unusable_certificate(const Config& config, const std::string& name);

// Gateways share keys that are sealed with the master key, so several nodes need one and the same.
std::vector<ConfigFault> unshared_secrets(const Config& config);

// One node named "dev" that hosts everything on 127.0.0.1; no rate limits.
Config dev_config(const DevOptions& options);

// Every group of the services, the catalog's first: the replicas of a node that hosts them all.
std::vector<GroupId> all_groups(const Config& config);

// A node's data directory, held by this process while it lives, known to belong to this node.
struct NodeData {
  std::unique_ptr<Disk> disk;  // the directory itself, locked
  DataIdentity identity;       // holds a replica id for each of the groups
};

// Makes the directory if it is missing. nullopt after one line on err, and `exit_code` says which: kExitUsage when the
// data was made by another configuration, kExitFailure when it is held by another process or cannot be read.
std::optional<NodeData> open_node_data(const Config& config, const std::string& node,
                                       const std::vector<GroupId>& groups, Random& random, std::ostream& err,
                                       int& exit_code);

}  // namespace stoa
