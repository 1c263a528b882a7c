#include "gateway/encode.hpp"

#include "gateway/entity_tag.hpp"

namespace stoa {
namespace {

int status_of(const Answer& answer) {
  switch (static_cast<Done>(answer.done)) {
    case Done::kOk:
      return 200;
    case Done::kCreated:
      return 201;
    case Done::kAccepted:
      return 202;
    case Done::kNoContent:
      return 204;
  }
  return 200;
}

std::string located(const std::string& pattern, const std::string& id) {
  const size_t open = pattern.find('{');
  const size_t close = pattern.find('}', open);
  if (open == pattern.npos || close == pattern.npos) return pattern;
  return pattern.substr(0, open) + id + pattern.substr(close + 1);
}

}  // namespace

void encode_answer(const Answer& answer, bool replayed, const ProblemTable& problems, Exchange& ex) {
  Response& out = ex.response;
  if (replayed) out.add("Idempotency-Replayed", "true");
  if (!answer.location_id.empty() && ex.route != nullptr && !ex.route->location.empty()) {
    out.add("Location", located(ex.route->location, answer.location_id));
  }
  if (answer.refused()) return problems.render(answer, ex.trace_id, out);
  out.status = status_of(answer);
  if (!answer.tag.empty()) {
    out.add("ETag", "\"" + answer.tag + "\"");
    const bool reads = ex.head.method == Method::kGet || ex.head.method == Method::kHead;
    if (reads && none_match_hits(ex.head.find("if-none-match"), answer.tag)) {
      out.status = 304;
      return;
    }
  }
  if (out.status != 204) out.body = answer.body;
}

}  // namespace stoa
