#include "app/admissions.hpp"

#include "base/log.hpp"

namespace stoa {

struct Standing {
  std::string why;  // empty: nothing is wrong
  bool refused = false;
};
template <class V>
void fields(V& v, Standing& x) {
  v(1, "why", x.why);
  v(2, "refused", x.refused);
}

namespace {

constexpr const char* kTopic = "standing";
constexpr int64_t kAskAgainMs = 1000;

}  // namespace

Admissions::Admissions(Parts parts) : parts_(std::move(parts)) {
  parts_.mesh.on_note_of_any(kTopic, [this](const std::string& node, const std::string& text) {
    const auto standing = decode<Standing>(text);
    const auto found = peers_.find(node);
    if (!standing || found == peers_.end()) return;
    Peer& peer = found->second;
    if (!standing->why.empty() && standing->why != peer.says)
      log_error(standing->refused ? "this node is refused" : "this node is not admitted yet",
                {{"by", node}, {"why", standing->why}});
    peer.says = standing->why;
    peer.refuses = standing->refused;
    shut_out(node, peer);
  });
}

void Admissions::met(const std::string& node, const NodeFacts& facts) {
  Peer& peer = peers_[node];
  peer.facts = facts;
  judge(node, peer);
}

void Admissions::review() {
  for (auto& [node, peer] : peers_) judge(node, peer);
}

void Admissions::judge(const std::string& node, Peer& peer) {
  if (!parts_.directory.formed()) return shut_out(node, peer);
  Admission now = admission_of(parts_.directory, node, peer.facts);
  if (!now.refusal.empty() && now.refusal != peer.admission.refusal)
    log_warn("a node is refused", {{"peer", node}, {"why", now.refusal}});
  if (now.refusal.empty() && !peer.admission.refusal.empty()) log_info("a node is let in again", {{"peer", node}});
  const bool had_new_data = std::exchange(peer.admission, std::move(now)).new_data;
  shut_out(node, peer);
  if (!peer.admission.refusal.empty()) return say(node, peer, peer.admission.refusal, true);
  if (peer.admission.new_data && !had_new_data)
    log_info("a member has an empty data directory", {{"peer", node}, {"data", peer.facts.data_id}});
  if (!peer.admission.new_data) say(node, peer, "", false);
  if (peer.admission.lacks_directory) parts_.tell_there(node);
}

// Both sides know of it, so that neither sends questions that nobody answers.
void Admissions::shut_out(const std::string& node, const Peer& peer) {
  parts_.mesh.shut_out(node, peer.refuses || !peer.admission.refusal.empty());
}

void Admissions::say(const std::string& node, Peer& peer, const std::string& why, bool refused) {
  if (why == peer.told) return;
  peer.told = why;
  parts_.mesh.note(node, kTopic, encode(Standing{why, refused}));
}

void Admissions::tick() {
  for (auto& [node, peer] : peers_) {
    if (peer.admission.new_data && !peer.asking && parts_.clock.now() >= peer.ask_at) ask_catalog(node, peer);
  }
}

void Admissions::ask_catalog(const std::string& node, Peer& peer) {
  const DirectoryNode* const member = parts_.directory.node(node);
  if (!ask_ || member == nullptr) return;
  peer.asking = true;
  peer.ask_at = after(parts_.clock.now(), kAskAgainMs);
  const std::string data_id = peer.facts.data_id;
  ask_(AdmitNode{node, data_id, member->data_id}, [this, node, data_id](const Answer& answer) {
    const auto found = peers_.find(node);
    if (found == peers_.end() || found->second.facts.data_id != data_id) return;
    Peer& asked = found->second;
    asked.asking = false;
    if (!answer.refused() || !asked.admission.new_data) return;
    const std::string why = answer.detail + " (" + answer.code + ")";
    if (why != asked.told) log_warn("a node's data directory is not admitted", {{"peer", node}, {"why", why}});
    say(node, asked, why, false);
  });
}

std::string Admissions::fault() const {
  for (const auto& [node, peer] : peers_) {
    if (!peer.says.empty()) return node + " says: " + peer.says;
  }
  return {};
}

}  // namespace stoa
