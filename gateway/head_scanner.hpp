// Finds the end of a request's head and refuses bytes that no client of good will sends, before they are parsed:
// lines not ended by CRLF, NUL, folded lines, heads, targets and header counts over their bounds.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "gateway/gateway_options.hpp"
#include "gateway/request_head.hpp"

namespace stoa {

class HeadScanner {
 public:
  enum class Verdict { kMore, kComplete, kFault };

  // `bytes` begins with the request-line and only grows between calls; each byte is looked at once.
  Verdict scan(std::string_view bytes, const ConnectionLimits& limits);
  size_t length() const { return line_; }  // of the complete head, final CRLF included
  const RequestFault& fault() const { return fault_; }
  void reset() { *this = HeadScanner(); }

 private:
  Verdict refuse(int status, std::string_view code, std::string_view detail);
  std::optional<Verdict> end_line(std::string_view line, const ConnectionLimits& limits);

  size_t line_ = 0;  // where the line being looked for begins
  size_t seen_ = 0;  // bytes in which no end of that line was found
  size_t lines_ = 0;
  RequestFault fault_;
};

}  // namespace stoa
