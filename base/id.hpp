// Ids: a prefix and a UUIDv7 (RFC 9562) whose 12 bits of rand_a are the hash slot that places the object on a shard.
// So every id names its own shard, and ids minted later sort later.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.hpp"
#include "base/time.hpp"

namespace stoa {

constexpr uint32_t kSlots = 4096;
using Slot = uint16_t;  // 0 .. kSlots - 1

// The slot of a natural key (an email, merchant and sku, a customer's id): 12 bits of FNV-1a 64, folded.
// Frozen for ever: it decides where existing data is looked for.
Slot slot_of(std::string_view natural_key);

struct Uuid {
  uint64_t high = 0;
  uint64_t low = 0;

  Slot slot() const { return static_cast<Slot>(high & 0xfff); }
  Time time() const { return Time{static_cast<int64_t>(high >> 16)}; }
  bool is_nil() const { return high == 0 && low == 0; }

  // Big-endian, so that the order of bytes is the order of ids.
  std::string bytes() const;
  static std::optional<Uuid> from_bytes(std::string_view sixteen);
  std::string hex() const;  // 32 lower-case digits
  static std::optional<Uuid> from_hex(std::string_view digits);

  friend bool operator==(const Uuid& a, const Uuid& b) { return a.high == b.high && a.low == b.low; }
  friend bool operator!=(const Uuid& a, const Uuid& b) { return !(a == b); }
  friend bool operator<(const Uuid& a, const Uuid& b) { return a.high != b.high ? a.high < b.high : a.low < b.low; }
};

Uuid mint_uuid(Time now, Slot slot, Random& random);

// A typed id. Kind has `static constexpr std::string_view kPrefix`, such as "ord_".
template <class Kind>
struct Id {
  Uuid uuid;

  static constexpr std::string_view prefix() { return Kind::kPrefix; }
  static Id mint(Time now, Slot slot, Random& random) { return Id{mint_uuid(now, slot, random)}; }

  Slot slot() const { return uuid.slot(); }
  bool is_nil() const { return uuid.is_nil(); }
  std::string text() const { return std::string(Kind::kPrefix) + uuid.hex(); }
  static std::optional<Id> parse(std::string_view text) {
    if (text.substr(0, Kind::kPrefix.size()) != Kind::kPrefix) return std::nullopt;
    const auto uuid = Uuid::from_hex(text.substr(Kind::kPrefix.size()));
    if (!uuid) return std::nullopt;
    return Id{*uuid};
  }

  friend bool operator==(const Id& a, const Id& b) { return a.uuid == b.uuid; }
  friend bool operator!=(const Id& a, const Id& b) { return a.uuid != b.uuid; }
  friend bool operator<(const Id& a, const Id& b) { return a.uuid < b.uuid; }
};

struct UserKind {
  static constexpr std::string_view kPrefix = "usr_";
};
struct ProductKind {
  static constexpr std::string_view kPrefix = "prd_";
};
struct OrderKind {
  static constexpr std::string_view kPrefix = "ord_";
};
struct PaymentKind {
  static constexpr std::string_view kPrefix = "pay_";
};
struct ShipmentKind {
  static constexpr std::string_view kPrefix = "shp_";
};
struct RequestKind {
  static constexpr std::string_view kPrefix = "req_";
};

using UserId = Id<UserKind>;
using ProductId = Id<ProductKind>;
using OrderId = Id<OrderKind>;
using PaymentId = Id<PaymentKind>;
using ShipmentId = Id<ShipmentKind>;
using RequestId = Id<RequestKind>;  // minted by the gateway once for each mutating call; repeats carry the same

}  // namespace stoa

template <>
struct std::hash<stoa::Uuid> {
  size_t operator()(const stoa::Uuid& u) const noexcept { return u.low ^ (u.high * 0x9e3779b97f4a7c15ULL); }
};
template <class Kind>
struct std::hash<stoa::Id<Kind>> {
  size_t operator()(const stoa::Id<Kind>& id) const noexcept { return std::hash<stoa::Uuid>()(id.uuid); }
};
