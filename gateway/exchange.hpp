// One request and its answer, owned by the session that carries it. Filters read the first part and fill the second.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "actors/runtime/route.hpp"
#include "gateway/authenticator.hpp"
#include "gateway/request_head.hpp"
#include "gateway/response.hpp"

namespace stoa {

struct RouteEntry;

class Exchange : public std::enable_shared_from_this<Exchange> {
 public:
  virtual ~Exchange() = default;
  // The response is filled: sends it. Exactly once per request, on the loop.
  virtual void respond() = 0;

  // From the session.
  RequestHead head;
  std::string body;
  std::string address;  // of the peer, without port
  int64_t began_ns = 0;
  int64_t ended_ns = 0;  // the response is about to be sent
  Response response;

  // From the filters.
  std::string trace_id;  // 32 hex digits
  std::string request_id;
  const RouteEntry* entry = nullptr;
  const Route* route = nullptr;
  std::vector<std::string_view> path_values;  // undecoded
  Caller caller;
  Verified token;  // REQUIRES has_token
  bool has_token = false;
  std::string_view bearer;

  // Before the next request.
  void clear();
};

// What a session hands its requests to. All calls on the loop.
class RequestHandler {
 public:
  virtual ~RequestHandler() = default;
  // The head is there, the body not yet. False: the response is filled, the body will not be looked at.
  virtual bool admit(Exchange& ex) = 0;
  // The body is there. The response follows by ex.respond(), now or later; whoever waits keeps the exchange alive.
  virtual void handle(Exchange& ex) = 0;
  // The request could not be understood: fills the response.
  virtual void refuse(Exchange& ex, const RequestFault& fault) = 0;
  // The response is about to be sent.
  virtual void sending(Exchange& ex) = 0;
};

}  // namespace stoa
