// The cursor of a list: where the last page ended, bound to the list and its filter, authenticated. Opaque to clients.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace stoa {

struct Position {
  std::string sort;
  std::string id;
};

// What a cursor is good for: whose list, of which path, filtered how. `limit` and `cursor` do not count.
std::string list_name(std::string_view principal, std::string_view path,
                      const std::map<std::string, std::string>& query);

std::string seal_cursor(std::string_view secret, std::string_view list, const Position& position);
// nullopt: not made here, changed, or of another list.
std::optional<Position> open_cursor(std::string_view secret, std::string_view list, std::string_view cursor);

}  // namespace stoa
