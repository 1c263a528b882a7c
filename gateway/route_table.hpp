// Finds the route of a request. Built once from the services' tables and the gateway's own pages.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "actors/runtime/service.hpp"
#include "gateway/request_head.hpp"

namespace stoa {

// A document of the gateway's own.
struct StaticPage {
  std::string path;
  std::string content_type;
  std::string body;
  std::string summary;
  bool changes = false;  // its body may be another one at the next turn of the loop
};

// Everything that is served under one path pattern.
struct RouteEntry {
  std::string path;
  std::vector<std::string> segments;     // "{…}" takes any one that is not empty
  std::array<const Route*, 5> routes{};  // by Verb
  const StaticPage* page = nullptr;
  std::string allow;                    // value of Allow
  std::vector<std::string> list_names;  // query names of its list
  size_t index = 0;                     // of the table; 0 is kept for "no route"
};

class RouteTable {
 public:
  // Both outlive it. Aborts when two routes share verb and path.
  RouteTable(const std::vector<Service>& services, const std::vector<StaticPage>& pages);

  // nullptr: unknown. Literal segments win over {…}. `values` are those of {…}, undecoded.
  const RouteEntry* find(std::string_view path, std::vector<std::string_view>& values) const;
  const std::vector<RouteEntry>& entries() const { return entries_; }

 private:
  RouteEntry& entry_of(const std::string& path);

  std::vector<RouteEntry> entries_;
  std::vector<std::vector<size_t>> by_length_;  // number of segments -> indices, literal ones first
};

// The one that a method asks for (HEAD asks for GET's); nullptr: not allowed here.
const Route* route_for(const RouteEntry& entry, Method method);
std::string_view verb_name(Verb verb);

}  // namespace stoa
