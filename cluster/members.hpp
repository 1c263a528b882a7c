// Who takes part in a group: voters, learners and, while a change of several voters is under way, both sides of it.
// Plain data, each list sorted. Its encoding is durable: it stands beside the applied index in the state database.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/group.hpp"

namespace stoa {

struct Members {
  std::vector<ReplicaId> voters;
  std::vector<ReplicaId> learners;
  std::vector<ReplicaId> voters_outgoing;  // not empty only in a joint configuration
  std::vector<ReplicaId> learners_next;    // voters of the outgoing half that become learners when it is left
  bool auto_leave = false;                 // the leader leaves the joint configuration by itself

  bool is_voter(ReplicaId id) const;
  bool contains(ReplicaId id) const;
  // True when `id` decides alone: no other voter, no joint configuration. Learners do not count.
  bool sole_voter(ReplicaId id) const { return voters_outgoing.empty() && voters.size() == 1 && voters[0] == id; }

  std::string encode() const;
  // False when `bytes` are not an encoding; `out` is then unspecified.
  static bool decode(std::string_view bytes, Members& out);

  friend bool operator==(const Members& a, const Members& b) {
    return a.voters == b.voters && a.learners == b.learners && a.voters_outgoing == b.voters_outgoing &&
           a.learners_next == b.learners_next && a.auto_leave == b.auto_leave;
  }
  friend bool operator!=(const Members& a, const Members& b) { return !(a == b); }
};

// One step of a change of members. A new voter is first a learner that has caught up.
struct MemberChange {
  enum class Kind : uint8_t { kAddVoter = 0, kRemove = 1, kAddLearner = 2 };
  Kind kind;
  ReplicaId id;
};

}  // namespace stoa
