#include "gateway/cursor.hpp"

#include "base/record.hpp"
#include "gateway/digest.hpp"

namespace stoa {
namespace {

constexpr size_t kTagBytes = 16;
constexpr size_t kMostBytes = 4096;

struct SealedPosition {
  std::string sort;
  std::string id;
};
template <class V>
void fields(V& v, SealedPosition& x) {
  v(1, "sort", x.sort);
  v(2, "id", x.id);
}

std::string tag_of(std::string_view secret, std::string_view list, std::string_view bytes) {
  return hmac_sha256(secret, {"cursor", list, bytes}).substr(0, kTagBytes);
}

}  // namespace

std::string list_name(std::string_view principal, std::string_view path,
                      const std::map<std::string, std::string>& query) {
  std::string name = sha256({principal, path});
  for (const auto& [key, value] : query) {
    if (key != "limit" && key != "cursor") name = sha256({name, key, value});
  }
  return name;
}

std::string seal_cursor(std::string_view secret, std::string_view list, const Position& position) {
  const std::string bytes = encode(SealedPosition{position.sort, position.id});
  return to_base64url(tag_of(secret, list, bytes) + bytes);
}

std::optional<Position> open_cursor(std::string_view secret, std::string_view list, std::string_view cursor) {
  std::string bytes;
  if (cursor.size() > kMostBytes || !from_base64url(cursor, bytes) || bytes.size() < kTagBytes) return std::nullopt;
  const std::string_view sealed = std::string_view(bytes).substr(kTagBytes);
  if (!same_secret(std::string_view(bytes).substr(0, kTagBytes), tag_of(secret, list, sealed))) return std::nullopt;
  auto position = decode<SealedPosition>(sealed);
  if (!position) return std::nullopt;
  return Position{std::move(position->sort), std::move(position->id)};
}

}  // namespace stoa
