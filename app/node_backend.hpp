// What stands behind a node's place in its cluster: its replicas, its links to other nodes, its data directory.
// Kinds: app/backend.hpp; and the simulation's, which steps it by hand. All calls on the loop.
#pragma once

#include "actors/runtime/mesh.hpp"
#include "app/node_config.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "cluster/transport.hpp"
#include "storage/saga_row.hpp"

namespace stoa {

class ShardHost;

class NodeBackend {
 public:
  virtual ~NodeBackend() = default;

  virtual ShardHost& host() = 0;
  virtual Mesh& mesh() = 0;
  // nullptr while other nodes cannot be met.
  virtual Transport* transport() = 0;
  // The data directory and whose it is.
  virtual NodeData& data() = 0;
  // Shards of each service.
  virtual const ShardCounts& counts() const = 0;
  virtual const Clock& clock() const = 0;
  virtual Random& random() = 0;
};

}  // namespace stoa
