#include "cluster/members.hpp"

#include <algorithm>
#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>

namespace stoa {

namespace {

// Durable field numbers: never reused.
enum Field : protozero::pbf_tag_type { kVoters = 1, kLearners, kVotersOutgoing, kLearnersNext, kAutoLeave };

bool has(const std::vector<ReplicaId>& ids, ReplicaId id) { return std::find(ids.begin(), ids.end(), id) != ids.end(); }

std::vector<ReplicaId> ids_of(protozero::pbf_reader& reader) {
  std::vector<ReplicaId> out;
  for (const uint64_t id : reader.get_packed_uint64()) {
    out.push_back(id);
  }
  return out;
}

}  // namespace

bool Members::is_voter(ReplicaId id) const { return has(voters, id) || has(voters_outgoing, id); }
bool Members::contains(ReplicaId id) const { return is_voter(id) || has(learners, id); }

std::string Members::encode() const {
  std::string bytes;
  protozero::pbf_writer writer(bytes);
  writer.add_packed_uint64(kVoters, voters.begin(), voters.end());
  writer.add_packed_uint64(kLearners, learners.begin(), learners.end());
  writer.add_packed_uint64(kVotersOutgoing, voters_outgoing.begin(), voters_outgoing.end());
  writer.add_packed_uint64(kLearnersNext, learners_next.begin(), learners_next.end());
  if (auto_leave) {
    writer.add_bool(kAutoLeave, true);
  }
  return bytes;
}

bool Members::decode(std::string_view bytes, Members& out) {
  out = Members{};
  try {
    protozero::pbf_reader reader(bytes.data(), bytes.size());
    while (reader.next()) {
      switch (reader.tag()) {
        case kVoters:
          out.voters = ids_of(reader);
          break;
        case kLearners:
          out.learners = ids_of(reader);
          break;
        case kVotersOutgoing:
          out.voters_outgoing = ids_of(reader);
          break;
        case kLearnersNext:
          out.learners_next = ids_of(reader);
          break;
        case kAutoLeave:
          out.auto_leave = reader.get_bool();
          break;
        default:
          reader.skip();
      }
    }
  } catch (const protozero::exception&) {
    return false;
  }
  return true;
}

}  // namespace stoa
