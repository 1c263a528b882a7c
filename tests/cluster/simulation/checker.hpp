// What must hold at every moment of a simulated run. It sees everything that any replica does, over all its lives.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cluster/replica_port.hpp"

namespace stoa::simulation {

class Checker {
 public:
  bool violated() const { return !violation_.empty(); }
  const std::string& violation() const { return violation_; }

  // Election safety: one leader per term.
  void leads(ReplicaId id, Term term);
  // Log matching: an index and a term name one entry, and one predecessor.
  void appended(const LogEntry& entry, Term before);
  // State machine safety: one entry per index, in every life of every replica; and one state behind it.
  void applied(ReplicaId id, const LogEntry& entry, uint64_t state);
  void installed(ReplicaId id, Position at, uint64_t state);

  // Linearizability. Versions are log indexes, agreed upon as checked above. An operation notes floor() when it begins:
  // what anyone had seen answered by then.
  Index floor(uint64_t key) const;
  void read_answered(uint64_t key, Index floor_at_start, Index seen);
  void write_answered(uint64_t client, uint64_t request, uint64_t key, Index floor_at_start, Index at);
  // Durability: every acknowledged write is in the state.
  void state_holds(ReplicaId id, const std::map<uint64_t, uint64_t>& last_request_of_client);

  void fail(std::string what);

 private:
  struct Appended {
    uint64_t data;
    Term before;
  };
  std::string violation_;
  std::map<Term, ReplicaId> leaders_;
  std::map<std::pair<Index, Term>, Appended> entries_;
  std::map<Index, std::pair<Term, uint64_t>> applied_;
  std::map<Index, uint64_t> states_;
  std::map<uint64_t, Index> floors_;
  std::map<uint64_t, uint64_t> acknowledged_;  // client -> its last acknowledged request
};

}  // namespace stoa::simulation
