// Every error that leaves the gateway: RFC 9457 problem details, and the one table of code -> status and title.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "actors/runtime/service.hpp"
#include "base/outcome.hpp"
#include "gateway/response.hpp"

namespace stoa {

class ProblemTable {
 public:
  // The gateway's own codes and the runtime's, extended by the refusals of the services.
  explicit ProblemTable(const std::vector<Service>& services);

  struct Kind {
    int status = 500;
    std::string title;
  };
  // An unknown code is a fault of this program: 500.
  const Kind& find(std::string_view code) const;
  const std::map<std::string, Kind, std::less<>>& all() const { return kinds_; }

  // Fills the response. Equal answers with a trace id of their own give equal bytes; `trace_id` stands in where the
  // answer has none. Adds Retry-After, WWW-Authenticate where the status demands them.
  void render(const Answer& answer, std::string_view trace_id, Response& response) const;

 private:
  std::map<std::string, Kind, std::less<>> kinds_;
  Kind unknown_{500, "Internal error"};
};

// An error of the gateway itself.
Answer problem(std::string_view code, std::string detail, std::vector<FieldError> errors = {});

}  // namespace stoa
