#include "cluster/lead_choice.hpp"

#include <tuple>

namespace stoa {
namespace {

bool can_do_more(const LeadCandidate& one, const LeadCandidate& other) {
  return std::tie(one.has_room, one.reaches) > std::tie(other.has_room, other.reaches);
}

}  // namespace

LeadMove better_lead(const std::vector<LeadCandidate>& candidates, ReplicaId leader) {
  const LeadCandidate* own = nullptr;
  for (const LeadCandidate& one : candidates) {
    if (one.id == leader) own = &one;
  }
  if (own == nullptr) return {};
  const LeadCandidate* best = own;
  for (const LeadCandidate& one : candidates) {
    if (one.fit && can_do_more(one, *best)) best = &one;
  }
  if (best != own) return {best->id, true};
  const LeadCandidate& first = candidates.front();
  if (&first != own && first.fit && !can_do_more(*own, first)) return {first.id, false};
  return {};
}

}  // namespace stoa
