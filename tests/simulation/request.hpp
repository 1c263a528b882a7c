// One request to a node's gateway and its answer, without a connection: parsed by the real parser, carried through
// every filter of the real pipeline.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "gateway/exchange.hpp"
#include "gateway/request_parser.hpp"

namespace stoa::whole {

struct Response {
  int status = 0;
  std::string body;
  std::string location;
  std::string etag;
  bool replayed = false;
};

struct Question {
  std::string method;
  std::string target;
  std::string bearer;  // empty: nobody
  std::string body;    // empty: none
  std::map<std::string, std::string> fields = {};
};

// Hands the question to the gateway. `done` is called with the answer, at once or later; not if the node ends before.
void ask(RequestHandler& gateway, const Question& question, int64_t now_ns, std::function<void(const Response&)> done);

}  // namespace stoa::whole
