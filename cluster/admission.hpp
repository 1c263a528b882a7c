// What a node of a cluster makes of another that it meets, by what that says of itself and by the directory. A pure
// function; asked again whenever either changes.
#pragma once

#include <string>

#include "cluster/directory.hpp"
#include "cluster/formation.hpp"

namespace stoa {

struct Admission {
  std::string refusal;           // why it may take no part, for the logs of both; empty: it may
  bool lacks_directory = false;  // it is a member and knows of none: it is to be told
  bool new_data = false;         // its data directory is empty and not the one named for it: the catalog decides
};

// REQUIRES that the directory is formed. Whoever knows a newer one is never refused for what this one says of it.
Admission admission_of(const Directory& directory, const std::string& node, const NodeFacts& facts);

}  // namespace stoa
