#include "app/cluster_document.hpp"

namespace stoa {

ClusterDocument cluster_document(const std::string& node, const ShardHost& host, bool draining) {
  ClusterDocument out;
  out.nodes.push_back({node, draining ? "draining" : "alive"});
  for (const auto& hosted : host.shards()) {
    const ShardGauges& g = hosted->shard->gauges();
    ClusterShard shard;
    shard.service = hosted->service->name;
    shard.shard = hosted->group.shard;
    if (g.leads) shard.leader = node;
    shard.term = g.term;
    shard.applied = g.applied;
    shard.replicas.push_back({node, g.leads ? "leader" : "follower", g.applied});
    out.shards.push_back(std::move(shard));
  }
  return out;
}

}  // namespace stoa
