// What the catalog's shard understands, as a typed actor: each message is answered by a Reply.
#pragma once

#include "actors/catalog/types_view.hpp"
#include "actors/runtime/api.hpp"
#include "actors/service_number.hpp"

namespace stoa {

using CatalogMessages = Messages<FormCluster,          // the plan that the nodes agreed on when they met first
                                 JoinNode,             // a node wants to belong to the cluster
                                 AdmitNode,            // a member was met with an empty data directory
                                 DrainNode,            // its replicas are to be elsewhere
                                 UndrainNode,          // it may hold replicas again
                                 RemoveNode,           // it belongs to the cluster no longer
                                 MoveReplica,          // an operator knows better than the rule
                                 SettleGroup,          // a leader has brought its members where they are wanted
                                 RebalanceGroups,      // all by the rule again
                                 ReadDirectory,        // members and placement
                                 ListAudit,            // who changed what
                                 WatchCatalog,         // what is new to a node
                                 SetSettings,          // some settings, all or none
                                 RollbackSettings,     // all settings as they were
                                 ReadSettings,         // what was set
                                 ListSettingsHistory,  // its versions
                                 OfferFirstKeys,       // a node has keys, should there be none
                                 RotateSigningKey,     // a new key takes over
                                 ForgetSigningKey>;    // an old one has served

}  // namespace stoa

CAF_BEGIN_TYPE_ID_BLOCK(stoa_catalog, stoa::first_type_id(stoa::service_number::catalog))
CAF_ADD_TYPE_ID(stoa_catalog, (stoa::FormCluster))
CAF_ADD_TYPE_ID(stoa_catalog, (stoa::JoinNode))
CAF_ADD_TYPE_ID(stoa_catalog, (stoa::AdmitNode))
CAF_ADD_TYPE_ID(stoa_catalog, (stoa::DrainNode))
CAF_ADD_TYPE_ID(stoa_catalog, (stoa::UndrainNode))
CAF_ADD_TYPE_ID(stoa_catalog, (stoa::RemoveNode))
CAF_ADD_TYPE_ID(stoa_catalog, (stoa::MoveReplica))
CAF_ADD_TYPE_ID(stoa_catalog, (stoa::SettleGroup))
CAF_ADD_TYPE_ID(stoa_catalog, (stoa::RebalanceGroups))
CAF_ADD_TYPE_ID(stoa_catalog, (stoa::ReadDirectory))
CAF_ADD_TYPE_ID(stoa_catalog, (stoa::ListAudit))
CAF_ADD_TYPE_ID(stoa_catalog, (stoa::WatchCatalog))
CAF_ADD_TYPE_ID(stoa_catalog, (stoa::SetSettings))
CAF_ADD_TYPE_ID(stoa_catalog, (stoa::RollbackSettings))
CAF_ADD_TYPE_ID(stoa_catalog, (stoa::ReadSettings))
CAF_ADD_TYPE_ID(stoa_catalog, (stoa::ListSettingsHistory))
CAF_ADD_TYPE_ID(stoa_catalog, (stoa::OfferFirstKeys))
CAF_ADD_TYPE_ID(stoa_catalog, (stoa::RotateSigningKey))
CAF_ADD_TYPE_ID(stoa_catalog, (stoa::ForgetSigningKey))
CAF_END_TYPE_ID_BLOCK(stoa_catalog)
