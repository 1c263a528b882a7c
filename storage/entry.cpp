// Version 1: type (1 byte) | version (1) | time | term | count of causes | causes | payload | crc32c (4, of all
// before). A cause: command and trace id, sized | actor (16) | request id (16). Numbers are varints, the time's as 64
// bits unsigned.
#include "storage/entry.hpp"

#include "base/crc32c.hpp"
#include "storage/little_endian.hpp"
#include "storage/varint.hpp"
#include "storage/write_set_encoding.hpp"

namespace stoa {
namespace {

constexpr char kVersion = 1;
constexpr size_t kUuidBytes = 16;

void put_uuid(std::string& out, const Uuid& id) {
  put_number(out, id.high);
  put_number(out, id.low);
}

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
  if (body[1] != kVersion) {
    return Error{"an entry has the unknown version " + std::to_string(static_cast<unsigned char>(body[1]))};
  }
  return {};
}

std::string encode_head(const Entry& entry, size_t payload_bytes) {
  std::string out;
  size_t causes = 0;
  for (const Cause& cause : entry.causes) causes += cause.command.size() + cause.trace_id.size() + 2 * kUuidBytes + 4;
  out.reserve(payload_bytes + causes + 32);
  out.push_back(static_cast<char>(entry.type));
  out.push_back(kVersion);
  put_varint(out, static_cast<uint64_t>(entry.time.ms));
  put_varint(out, entry.term);
  put_varint(out, entry.causes.size());
  for (const Cause& cause : entry.causes) {
    put_sized(out, cause.command);
    put_sized(out, cause.trace_id);
    put_uuid(out, cause.actor.uuid);
    put_uuid(out, cause.request.uuid);
  }
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

Result<Entry> decode_entry(std::string_view bytes) {
  if (const Result<void> sound = check_frame(bytes); !sound) return sound.error();
  VarintReader in(bytes.substr(2, bytes.size() - 2 - sizeof(uint32_t)));
  Entry out;
  out.type = static_cast<EntryType>(bytes[0]);
  out.time.ms = static_cast<int64_t>(in.varint());
  out.term = in.varint();
  for (uint64_t count = in.varint(); count > 0 && in.ok(); --count) {
    Cause& cause = out.causes.emplace_back();
    cause.command = in.sized();
    cause.trace_id = in.sized();
    cause.actor.uuid = read_uuid(in);
    cause.request.uuid = read_uuid(in);
  }
  out.payload = in.rest();
  if (!in.ok()) return Error{"an entry's causes are damaged"};
  return out;
}

}  // namespace stoa
