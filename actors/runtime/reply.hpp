// What a shard sends back: the answer, and whether it was given before.
#pragma once

#include "base/outcome.hpp"

namespace stoa {

struct Reply {
  Answer answer;
  bool replayed = false;
};
template <class V>
void fields(V& v, Reply& x) {
  v(1, "answer", x.answer);
  v(2, "replayed", x.replayed);
}

inline Reply runtime_reply(RefusalKind kind, std::string detail) {
  return {Outcome::refused(kind, std::move(detail)).answer, false};
}

}  // namespace stoa
