#include "cluster/snapshot_recovery.hpp"

#include <utility>

#include "cluster/replica_boot.hpp"
#include "storage/snapshot_install.hpp"

namespace stoa {
namespace {

Result<void> install_again(const std::string& marker, Database& database, Disk& staging) {
  auto staged = StagedSnapshot::open(staging, marker);
  if (!staged) return staged.error();
  if (!*staged) {
    return Error{"the install of snapshot " + marker +
                 " was cut off and its staging is gone: the replica has no state"};
  }
  SnapshotInstall install(database, std::move(**staged));
  for (;;) {
    const Result<bool> done = install.step();
    if (!done) return done.error();
    if (*done) return {};
  }
}

// The log has the entry at `at`, or begins right behind it. A log that begins later has lost what came between.
bool reaches(const GroupLog& log, Position at) {
  if (at.index < log.reset.index) return true;
  if (at.index == log.reset.index) return at.term == log.reset.term;
  return at.index <= log.last_index() && log.entries[at.index - log.reset.index - 1].term == at.term;
}

}  // namespace

Result<void> recover_install(GroupId group, ReplicaId replica, Database& database, Journal& journal, Disk& staging) {
  const auto marker = database.install_marker(group.shard);
  if (!marker) return marker.error();
  // That of another replica means nothing to this one: its state will be wiped.
  const std::string own = staging_name(group, replica, 0);
  if (!marker->empty() && marker->compare(0, own.size() - 1, own, 0, own.size() - 1) == 0) {
    if (auto installed = install_again(*marker, database, staging); !installed) return installed;
  }

  const auto mark = database.mark(group.shard);
  if (!mark) return mark.error();
  if (!*mark || (*mark)->replica != replica) return {};
  const Position at{(*mark)->term, (*mark)->applied};
  const auto staged = StagedSnapshot::open(staging, staging_name(group, replica, at.index));
  if (!staged) return staged.error();
  if (!*staged || (*staged)->manifest().term != at.term) return {};
  const auto log = journal.recover(group);
  if (!log) return log.error();
  if (!*log || (*log)->replica != replica || reaches(**log, at)) return {};
  return journal.append(ReplicaBoot::reset_records(group, **log, at), true);
}

}  // namespace stoa
