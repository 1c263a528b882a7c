#include "cluster/transfer_message.hpp"

#include <utility>

namespace stoa {
namespace {

struct Envelope {
  uint32_t group = 0;
  ReplicaId from = 0, to = 0;
  uint64_t number = 0;
  uint32_t kind = 0;  // 1 more than the place in the variant
  std::string body;
};
template <class V>
void fields(V& v, Envelope& x) {
  v(1, "group", x.group);
  v(2, "from", x.from);
  v(3, "to", x.to);
  v(4, "number", x.number);
  v(5, "kind", x.kind);
  v(6, "body", x.body);
}

using Body = decltype(TransferMessage::body);

template <size_t Kind = 0>
bool decode_body(uint32_t kind, std::string_view bytes, Body& out) {
  if constexpr (Kind == std::variant_size_v<Body>) {
    return false;
  } else {
    if (kind != Kind + 1) return decode_body<Kind + 1>(kind, bytes, out);
    auto body = decode<std::variant_alternative_t<Kind, Body>>(bytes);
    if (body) out = std::move(*body);
    return body.has_value();
  }
}

}  // namespace

std::string encode_transfer(const TransferMessage& m) {
  Envelope out{m.group.value(), m.from, m.to, m.number, static_cast<uint32_t>(m.body.index() + 1), {}};
  std::visit([&](const auto& body) { encode_to(out.body, body); }, m.body);
  return encode(out);
}

std::optional<TransferMessage> decode_transfer(std::string_view bytes) {
  const auto in = decode<Envelope>(bytes);
  if (!in) return std::nullopt;
  TransferMessage out{GroupId::from_value(in->group), in->from, in->to, in->number, {}};
  if (!decode_body(in->kind, in->body, out.body)) return std::nullopt;
  return out;
}

}  // namespace stoa
