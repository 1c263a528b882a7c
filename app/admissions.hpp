// Which of the nodes that are connected may take part: each is judged by what it says of itself and by the directory
// (cluster/admission.hpp), and is told. A member with a new, empty data directory is made known to the catalog.
// Everything on the loop.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "actors/catalog/types.hpp"
#include "actors/runtime/mesh.hpp"
#include "base/clock.hpp"
#include "cluster/admission.hpp"

namespace stoa {

class Admissions {
 public:
  struct Parts {
    Mesh& mesh;
    const Clock& clock;
    const Directory& directory;                               // as this node knows it; may not be formed yet
    std::function<void(const std::string& node)> tell_there;  // a member knows no directory: sends it one
  };
  using OnAnswer = std::function<void(const Answer&)>;
  using AskCatalog = std::function<void(AdmitNode command, OnAnswer on_answer)>;

  // What the parts refer to outlives it, and so does whoever answers for the catalog.
  explicit Admissions(Parts parts);
  void ask_by(AskCatalog ask) { ask_ = std::move(ask); }

  // A node has connected, or says of itself what is new.
  void met(const std::string& node, const NodeFacts& facts);
  void parted(const std::string& node) { peers_.erase(node); }
  // The directory is another one.
  void review();
  // Several times a second.
  void tick();

  // What another node has against this one, for people; empty: nothing.
  std::string fault() const;

 private:
  struct Peer {
    NodeFacts facts;
    Admission admission;
    std::string told;      // what we last said to it
    std::string says;      // what it has against this node
    bool refuses = false;  // and takes nothing from it meanwhile
    Time ask_at;           // the catalog
    bool asking = false;
  };
  void judge(const std::string& node, Peer& peer);
  void say(const std::string& node, Peer& peer, const std::string& why, bool refused);
  void ask_catalog(const std::string& node, Peer& peer);
  void shut_out(const std::string& node, const Peer& peer);

  const Parts parts_;
  AskCatalog ask_;
  std::map<std::string, Peer> peers_;
};

}  // namespace stoa
