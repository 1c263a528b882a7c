// Commands of this cluster's own services for one shard that leave a node together: one message, one reply. Each is
// evaluated for itself, as if it had come alone. Understood by every shard.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/outcome.hpp"
#include "base/record.hpp"

namespace stoa {

struct BundledCommand {
  std::string command;  // one with a rule
  std::string payload;
  std::string trace_id;
};
template <class V>
void fields(V& v, BundledCommand& x) {
  v(1, "command", x.command);
  v(2, "payload", x.payload);
  v(3, "trace_id", x.trace_id);
}

// Answered by BundleAnswers, or refused by the runtime: then nobody knows of any.
struct Bundle {
  static constexpr std::string_view kName = "Bundle";
  std::vector<BundledCommand> commands;
};
template <class V>
void fields(V& v, Bundle& x) {
  v(1, "commands", x.commands);
}

struct BundleAnswers {
  std::vector<Answer> answers;  // in the order of the commands
};
template <class V>
void fields(V& v, BundleAnswers& x) {
  v(1, "answers", x.answers);
}

}  // namespace stoa
