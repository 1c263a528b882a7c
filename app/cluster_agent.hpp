// Keeps a node where its cluster's directory wants it: forms the cluster with the others when there is none yet, or
// comes to belong to the one that names its data directory; is connected to every member, and opens the replicas that
// are placed here.
// Everything on the loop; an error of the disk stops the process.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "app/admissions.hpp"
#include "app/node_backend.hpp"
#include "cluster/directory.hpp"
#include "cluster/formation.hpp"

namespace stoa {

class ClusterAgent {
 public:
  // All outlive it. `services` are those whose shards the program can host.
  ClusterAgent(const Config& config, const NodeConfig& node, const std::vector<Service>& services,
               NodeBackend& backend);

  // Whom new data directories are made known to. Before the cluster port is open.
  void ask_catalog_by(Admissions::AskCatalog ask) { admissions_.ask_by(std::move(ask)); }

  // What the disk knows becomes the directory. Once the replicas have booted and before the loop runs.
  Result<void> start();
  // Ten times a second.
  void tick();
  // Seeks the other nodes, once the cluster port is open.
  void connect();
  // From the catalog; older ones are ignored.
  void learn(Directory directory);

  // What this node says of itself to the others.
  std::string facts() const;
  const Directory& directory() const { return directory_; }
  // As the cluster was formed with; not formed() where this node does not know.
  Directory plan() const { return plan_.value_or(Directory{}); }
  bool formed() const { return directory_.formed(); }
  // The cluster has other members, and none of them is connected.
  bool cut_off() const;
  // What keeps the cluster from being formed, or this node from taking part in it, for people; empty: nothing does.
  std::string waits_for() const;

 private:
  void take_part(const Directory& plan);
  void told(Directory directory);
  void adopt(Directory directory);
  void tell(const std::string& node);
  void announce();
  std::string strange(const Directory& directory) const;
  void apply_directory();
  void compare_own_entry();
  void close_former_replicas();
  void open_new_replicas();
  void meet(const std::string& node, const std::string& facts);
  bool hosts(GroupId group) const;

  const Config& config_;
  const NodeConfig& node_;
  const std::vector<Service>& services_;
  NodeBackend& backend_;
  std::unique_ptr<Formation> formation_;
  std::optional<Directory> plan_;  // as the cluster was formed with, where this node knows it
  Directory directory_;
  Admissions admissions_;
  std::string unfit_;      // why the cluster that names this node's data directory cannot be the configured one
  bool compared_ = false;  // its entry in the directory with its configuration
  std::string told_;       // what it was last seen waiting for
};

}  // namespace stoa
