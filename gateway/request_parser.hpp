// Parses one request after another with Beast's parser, behind guards for what it lets through: a coding other than
// chunked, a repeated or listed Content-Length, repeated fields of which there may be one, bad Host, HTTP/2.0.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/gateway_options.hpp"
#include "gateway/request_head.hpp"

namespace stoa {

class RequestParser {
 public:
  RequestParser();
  ~RequestParser();

  // `bytes` is a whole head that HeadScanner passed. Fills `head` with views into an own copy, good until the next
  // begin(). nullopt: well formed.
  std::optional<RequestFault> begin(std::string_view bytes, const ConnectionLimits& limits, RequestHead& head);

  // After begin(). Whether the whole body has come.
  bool complete() const;
  // Takes what it can of the body's bytes and appends their content to `body`; `taken` is how many were used.
  std::optional<RequestFault> feed(std::string_view bytes, std::string& body, size_t& taken);

 private:
  class Beast;
  std::unique_ptr<Beast> beast_;
  std::string bytes_;
};

}  // namespace stoa
