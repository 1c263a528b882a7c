#include "cluster/admission.hpp"

#include "base/check.hpp"

namespace stoa {
namespace {

Admission refused(std::string why) { return {std::move(why), false, false}; }

}  // namespace

Admission admission_of(const Directory& directory, const std::string& node, const NodeFacts& facts) {
  STOA_CHECK(directory.formed(), "who judges belongs to a cluster");
  const bool blank = facts.formation.empty();
  if (!blank && facts.formation != directory.formation) {
    return refused("the data directory of " + node + " belongs to another cluster named " + directory.cluster);
  }
  const DirectoryNode* const member = directory.node(node);
  const bool knows_more = !blank && facts.directory_version > directory.version;
  if (member == nullptr || member->status == NodeStatus::kGone) {
    if (knows_more) return {};
    return refused(node + " is no member of the cluster: `stoa cluster join " + node + "` lets it in");
  }
  Admission admission;
  const bool named = member->data_id == facts.data_id;
  if (named) {
    admission.lacks_directory = blank || facts.directory_version == 0;
  } else if (blank) {
    admission.new_data = true;
  } else if (!knows_more) {
    return refused(member->data_id.empty()
                       ? "the data directory of " + node + " is of before it was removed: start it with an empty one"
                       : "the data directory of " + node +
                             " was taken for lost, and another one is in its place: its replicas are no more; start " +
                             node + " with the other one, or with an empty one");
  }
  return admission;
}

}  // namespace stoa
