// The business of the catalog: plain functions. Members and placement in rules.cpp, rules_joining.cpp and
// rules_placement.cpp, settings in rules_settings.cpp, shared secrets in rules_keys.cpp.
//
// All commands are refused to whoever is neither an administrator nor the program itself. Each leaves a row of the
// audit, and each command about members and placement begins what placement changes it makes possible.
#pragma once

#include "actors/catalog/types_view.hpp"
#include "actors/runtime/state_machine.hpp"
#include "base/call.hpp"
#include "storage/transaction.hpp"

namespace stoa::catalog {

// not_formed, illegal_transition (formed by another plan), validation_failed.
Outcome form_cluster(const FormCluster& c, const Call& call, Transaction& tx);

// node_name_taken, validation_failed.
Outcome join_node(const JoinNode& c, const Call& call, Transaction& tx);
// not_found, stale_version; no_other_node where the lost directory held the only copy of something.
Outcome admit_node(const AdmitNode& c, const Call& call, Transaction& tx);
// not_found, illegal_transition, no_other_node.
Outcome drain_node(const DrainNode& c, const Call& call, Transaction& tx);
Outcome undrain_node(const UndrainNode& c, const Call& call, Transaction& tx);
// node_holds_replicas; no_other_node where even a forced removal would lose the last copy of something.
Outcome remove_node(const RemoveNode& c, const Call& call, Transaction& tx);

// not_found, group_moves, validation_failed.
Outcome move_replica(const MoveReplica& c, const Call& call, Transaction& tx);
// stale_version for an epoch that is over, illegal_transition for members that are not the wanted ones.
Outcome settle_group(const SettleGroup& c, const Call& call, Transaction& tx);
Outcome rebalance_groups(const RebalanceGroups& c, const Call& call, Transaction& tx);

Outcome read_directory_since(const ReadDirectory& q, const Call& call, const Reader& reader);
Outcome list_audit(const ListAudit& q, const Call& call, const Reader& reader);
Outcome watch_catalog(const WatchCatalog& q, const Call& call, const Reader& reader);

// validation_failed with the pointer of each setting, stale_version.
Outcome set_settings(const SetSettings& c, const Call& call, Transaction& tx);
// not_found for a version that was never made, or is no longer known.
Outcome roll_back_settings(const RollbackSettings& c, const Call& call, Transaction& tx);
Outcome read_settings(const ReadSettings& q, const Call& call, const Reader& reader);
Outcome list_settings_history(const ListSettingsHistory& q, const Call& call, const Reader& reader);

Outcome offer_first_keys(const OfferFirstKeys& c, const Call& call, Transaction& tx);
// stale_version when `after` is not the newest key; illegal_transition while the newest does not sign yet.
Outcome rotate_signing_key(const RotateSigningKey& c, const Call& call, Transaction& tx);
Outcome forget_signing_key(const ForgetSigningKey& c, const Call& call, Transaction& tx);

// Of a node.
const StateMachine& machine();

// ---- Between the files of the rules
SettingsView settings_view(const Reader& reader);
KeysView keys_view(const Reader& reader);
bool may_change(const Call& call);
Outcome not_for_you();
DirectoryNode* node_in(Directory& d, std::string_view name);  // nullptr: no member is named so
Outcome not_formed();
// Of `d`, which may be of no cluster yet: not_formed then, as nobody may take its node for gone.
Outcome no_such_node(const Directory& d, const std::string& name);
std::string name_of_group(const DirectoryGroup& group);

// Begins what may begin, writes all and audits it; the outcome of every command about members and placement.
Outcome changed(const Directory& before, Directory after, std::string by, std::string_view what, std::string detail,
                Transaction& tx, std::vector<PlacementChange> begun = {});
uint64_t mint_replica(Transaction& tx);

}  // namespace stoa::catalog
