// Removes from the database what a replica that was closed has left there, in the flusher's queue: after all that it
// had handed over. What another replica of the group has stored meanwhile stays.
#pragma once

#include "storage/database.hpp"
#include "storage/flusher_task.hpp"

namespace stoa {

class StateWipe final : public FlusherTask {
 public:
  // The database outlives it.
  StateWipe(Database& database, GroupId group, ReplicaId replica)
      : database_(database), group_(group), replica_(replica) {}

  Result<bool> step() override;

 private:
  Database& database_;
  const GroupId group_;
  const ReplicaId replica_;
};

}  // namespace stoa
