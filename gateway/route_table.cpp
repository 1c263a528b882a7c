#include "gateway/route_table.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace stoa {
namespace {

std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> out;
  while (!path.empty() && path.front() == '/') {
    path.remove_prefix(1);
    const size_t end = std::min(path.find('/'), path.size());
    out.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return out;
}

bool is_variable(std::string_view segment) { return !segment.empty() && segment.front() == '{'; }

std::string allow_of(const RouteEntry& entry) {
  std::string allow;
  if (entry.page != nullptr) allow = "GET, HEAD, ";
  for (size_t v = 0; v < entry.routes.size(); ++v) {
    if (entry.routes[v] == nullptr) continue;
    allow.append(verb_name(static_cast<Verb>(v))).append(", ");
    if (static_cast<Verb>(v) == Verb::kGet) allow.append("HEAD, ");
  }
  return allow + "OPTIONS";
}

}  // namespace

std::string_view verb_name(Verb verb) {
  switch (verb) {
    case Verb::kGet:
      return "GET";
    case Verb::kPost:
      return "POST";
    case Verb::kPut:
      return "PUT";
    case Verb::kPatch:
      return "PATCH";
    case Verb::kDelete:
      return "DELETE";
  }
  return "";
}

RouteEntry& RouteTable::entry_of(const std::string& path) {
  for (RouteEntry& e : entries_) {
    if (e.path == path) return e;
  }
  RouteEntry entry;
  entry.path = path;
  for (const std::string_view s : split(path)) entry.segments.emplace_back(s);
  entry.index = entries_.size();
  return entries_.emplace_back(std::move(entry));
}

RouteTable::RouteTable(const std::vector<Service>& services, const std::vector<StaticPage>& pages) {
  entries_.emplace_back().path = "none";
  for (const Service& service : services) {
    for (const Route& route : service.routes) {
      RouteEntry& entry = entry_of(route.path);
      const Route*& at = entry.routes[static_cast<size_t>(route.verb)];
      STOA_CHECK(at == nullptr, "two routes with the same verb and path");
      at = &route;
      if (route.kind != Route::Kind::kList) continue;
      entry.list_names = route.query_names;
      for (const char* name : {"limit", "cursor"}) {
        if (std::find(entry.list_names.begin(), entry.list_names.end(), name) == entry.list_names.end()) {
          entry.list_names.emplace_back(name);
        }
      }
    }
  }
  for (const StaticPage& page : pages) entry_of(page.path).page = &page;
  for (size_t i = 1; i < entries_.size(); ++i) {
    entries_[i].allow = allow_of(entries_[i]);
    const size_t length = entries_[i].segments.size();
    if (by_length_.size() <= length) by_length_.resize(length + 1);
    by_length_[length].push_back(i);
  }
  for (auto& indices : by_length_) {
    std::stable_sort(indices.begin(), indices.end(), [this](size_t a, size_t b) {
      return std::lexicographical_compare(
          entries_[a].segments.begin(), entries_[a].segments.end(), entries_[b].segments.begin(),
          entries_[b].segments.end(),
          [](const std::string& x, const std::string& y) { return !is_variable(x) && is_variable(y); });
    });
  }
}

const RouteEntry* RouteTable::find(std::string_view path, std::vector<std::string_view>& values) const {
  if (path.empty() || path.front() != '/') return nullptr;
  constexpr size_t kMostSegments = 16;
  std::array<std::string_view, kMostSegments> parts;
  size_t count = 0;
  for (std::string_view rest = path; !rest.empty();) {
    rest.remove_prefix(1);
    if (count == kMostSegments) return nullptr;
    const size_t end = std::min(rest.find('/'), rest.size());
    parts[count++] = rest.substr(0, end);
    rest.remove_prefix(end);
  }
  if (count >= by_length_.size()) return nullptr;
  for (const size_t i : by_length_[count]) {
    const RouteEntry& entry = entries_[i];
    values.clear();
    size_t at = 0;
    for (; at < count; ++at) {
      if (is_variable(entry.segments[at]) && !parts[at].empty()) {
        values.push_back(parts[at]);
      } else if (entry.segments[at] != parts[at]) {
        break;
      }
    }
    if (at == count) return &entry;
  }
  values.clear();
  return nullptr;
}

const Route* route_for(const RouteEntry& entry, Method method) {
  const auto of = [&](Verb verb) { return entry.routes[static_cast<size_t>(verb)]; };
  switch (method) {
    case Method::kGet:
    case Method::kHead:
      return of(Verb::kGet);
    case Method::kPost:
      return of(Verb::kPost);
    case Method::kPut:
      return of(Verb::kPut);
    case Method::kPatch:
      return of(Verb::kPatch);
    case Method::kDelete:
      return of(Verb::kDelete);
    default:
      return nullptr;
  }
}

}  // namespace stoa
