// The catalog, for the program to find: what it understands. It is reached by the admin port and by the nodes
// themselves, so it has no public routes.
#include "actors/runtime/service.hpp"

#include "actors/catalog/api.hpp"
#include "actors/catalog/rules.hpp"
#include "actors/runtime/service_port.hpp"

namespace stoa::catalog {

Service make_service();
Service make_service() {
  Service s;
  s.name = "catalog";
  s.number = service_number::catalog;
  s.commands.on(form_cluster)
      .on(join_node)
      .on(admit_node)
      .on(drain_node)
      .on(undrain_node)
      .on(remove_node)
      .on(move_replica)
      .on(settle_group)
      .on(rebalance_groups)
      .query(read_directory_since)
      .query(list_audit)
      .query(watch_catalog)
      .on(set_settings)
      .on(roll_back_settings)
      .query(read_settings)
      .query(list_settings_history)
      .on(offer_first_keys)
      .on(rotate_signing_key)
      .on(forget_signing_key);
  s.refusals = {{kNotFormed.code, 409, "The cluster is not formed yet"},
                {kNodeNameTaken.code, 409, "The node's name is taken"},
                {kNodeHoldsReplicas.code, 409, "The node still holds replicas"},
                {kNoOtherNode.code, 409, "No other node could take over"},
                {kGroupMoves.code, 409, "The shard is on the move"}};
  s.machines = {machine()};
  s.make_port = [] { return std::make_unique<TypedServicePort<CatalogMessages>::With<caf::id_block::stoa_catalog>>(); };
  return s;
}

}  // namespace stoa::catalog
