// Version 2: type (1 byte) | version (1) | time | term | size of the causes | causes | payload | crc32c (4, of all
// before). Numbers are varints, the time's as 64 bits unsigned. The causes: their count, and of each
//   name: 0 and the command, sized, or which of the names before it is meant, from 1
//   flags (1 byte): which of these follow
//   trace id: 16 bytes where it is 32 hex digits, else sized | actor (16) | request id (16)
// Version 1, read only: as version 2 without the size, and of each cause: command and trace id, sized | actor |
// request.
#include "storage/entry.hpp"

#include <algorithm>

#include "base/crc32c.hpp"
#include "storage/little_endian.hpp"
#include "storage/varint.hpp"
#include "storage/write_set_encoding.hpp"

namespace stoa {
namespace {

constexpr char kVersion = 2;
constexpr char kFirstVersion = 1;
constexpr size_t kUuidBytes = 16;

void put_uuid(std::string& out, const Uuid& id) {
  put_number(out, id.high);
  put_number(out, id.low);
}

enum CauseFlag : unsigned char { kHexTrace = 1, kOtherTrace = 2, kActor = 4, kRequest = 8, kAllFlags = 15 };

Uuid read_uuid(VarintReader& in) {
  NumberReader numbers(in.bytes(kUuidBytes));
  Uuid id;
  id.high = numbers.number<uint64_t>();
  id.low = numbers.number<uint64_t>();
  return id;
}

Result<void> check_frame(std::string_view bytes) {
  if (bytes.size() < 2 + sizeof(uint32_t)) return Error{"an entry is cut short"};
  const std::string_view body = bytes.substr(0, bytes.size() - sizeof(uint32_t));
  if (NumberReader(bytes.substr(body.size())).number<uint32_t>() != crc32c(body)) {
    return Error{"an entry's checksum does not match"};
  }
  if (body[0] != static_cast<char>(EntryType::kWriteSet)) {
    return Error{"an entry has the unknown type " + std::to_string(static_cast<unsigned char>(body[0]))};
  }
  if (body[1] != kVersion && body[1] != kFirstVersion) {
    return Error{"an entry has the unknown version " + std::to_string(static_cast<unsigned char>(body[1]))};
  }
  return {};
}

// An entry's commands are of a few kinds, and what the cluster does by itself has no actor and no request.
std::string encode_causes(const std::vector<Cause>& causes) {
  std::string out;
  std::vector<std::string_view> names;
  put_varint(out, causes.size());
  for (const Cause& cause : causes) {
    const auto known = std::find(names.begin(), names.end(), cause.command);
    if (known == names.end()) {
      put_varint(out, 0);
      put_sized(out, cause.command);
      names.push_back(cause.command);
    } else {
      put_varint(out, static_cast<uint64_t>(known - names.begin()) + 1);
    }
    const auto trace = Uuid::from_hex(cause.trace_id);
    int flags = trace ? kHexTrace : cause.trace_id.empty() ? 0 : kOtherTrace;
    if (!cause.actor.is_nil()) flags |= kActor;
    if (!cause.request.is_nil()) flags |= kRequest;
    out.push_back(static_cast<char>(flags));
    if (trace) put_uuid(out, *trace);
    if (flags & kOtherTrace) put_sized(out, cause.trace_id);
    if (flags & kActor) put_uuid(out, cause.actor.uuid);
    if (flags & kRequest) put_uuid(out, cause.request.uuid);
  }
  return out;
}

Result<std::vector<Cause>> decode_causes(std::string_view bytes) {
  VarintReader in(bytes);
  std::vector<Cause> out;
  std::vector<std::string_view> names;
  for (uint64_t count = in.varint(); count > 0 && in.ok(); --count) {
    Cause& cause = out.emplace_back();
    const uint64_t name = in.varint();
    if (name == 0) names.push_back(in.sized());
    if (name > names.size()) return Error{"an entry's causes are damaged"};
    cause.command = name == 0 ? names.back() : names[name - 1];
    const std::string_view flag_byte = in.bytes(1);
    const unsigned flags = flag_byte.empty() ? 0 : static_cast<unsigned char>(flag_byte[0]);
    if (flags > kAllFlags) return Error{"an entry's causes are damaged"};
    if (flags & kHexTrace) cause.trace_id = read_uuid(in).hex();
    if (flags & kOtherTrace) cause.trace_id = in.sized();
    if (flags & kActor) cause.actor.uuid = read_uuid(in);
    if (flags & kRequest) cause.request.uuid = read_uuid(in);
  }
  if (!in.ok() || in.left() != 0) return Error{"an entry's causes are damaged"};
  return out;
}

std::vector<Cause> read_first_causes(VarintReader& in) {
  std::vector<Cause> out;
  for (uint64_t count = in.varint(); count > 0 && in.ok(); --count) {
    Cause& cause = out.emplace_back();
    cause.command = in.sized();
    cause.trace_id = in.sized();
    cause.actor.uuid = read_uuid(in);
    cause.request.uuid = read_uuid(in);
  }
  return out;
}

std::string encode_head(const Entry& entry, size_t payload_bytes) {
  const std::string causes = encode_causes(entry.causes);
  std::string out;
  out.reserve(payload_bytes + causes.size() + 40);
  out.push_back(static_cast<char>(entry.type));
  out.push_back(kVersion);
  put_varint(out, static_cast<uint64_t>(entry.time.ms));
  put_varint(out, entry.term);
  put_sized(out, causes);
  return out;
}

}  // namespace

std::string encode_entry(const Entry& entry) {
  std::string out = encode_head(entry, entry.payload.size());
  out += entry.payload;
  put_number(out, crc32c(out));
  return out;
}

std::string encode_entry(const Entry& head, const WriteSet& writes) {
  std::string out = encode_head(head, encoded_bytes(writes));
  encode_write_set(writes, out);
  put_number(out, crc32c(out));
  return out;
}

Result<EnvelopeView> view_envelope(std::string_view bytes) {
  if (const Result<void> sound = check_frame(bytes); !sound) return sound.error();
  VarintReader in(bytes.substr(2, bytes.size() - 2 - sizeof(uint32_t)));
  EnvelopeView out;
  out.type = static_cast<EntryType>(bytes[0]);
  out.time.ms = static_cast<int64_t>(in.varint());
  out.term = in.varint();
  if (bytes[1] == kFirstVersion)
    read_first_causes(in);
  else
    out.causes = in.sized();
  out.payload = in.rest();
  if (!in.ok()) return Error{"an entry's causes are damaged"};
  return out;
}

Result<Entry> decode_entry(std::string_view bytes) {
  const Result<EnvelopeView> view = view_envelope(bytes);
  if (!view) return view.error();
  Entry out{view->type, view->time, view->term, {}, std::string(view->payload)};
  if (bytes[1] == kFirstVersion) {
    VarintReader in(bytes.substr(2));
    in.varint();
    in.varint();
    out.causes = read_first_causes(in);
    return out;
  }
  auto causes = decode_causes(view->causes);
  if (!causes) return causes.error();
  out.causes = std::move(*causes);
  return out;
}

}  // namespace stoa
