// Bodies of hot resources, kept encoded: what a GET is answered from before the router is asked. One per loop.
#pragma once

#include <string_view>

namespace stoa {

struct CachedBody {
  std::string_view body;  // JSON
  std::string_view etag;  // without quotes
};

class BodyCache {
 public:
  virtual ~BodyCache() = default;
  // `path` is the request's, without its query. The views are good until the caller returns to its loop.
  virtual bool find(std::string_view path, CachedBody& out) = 0;
};

}  // namespace stoa
