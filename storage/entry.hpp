// The envelope of what a shard proposes: what the bytes of a journal entry are, and what caused them. Every version
// ever written stays decodable; what is unknown is an error, and the replica that reads it halts: it is never skipped.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/group.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "storage/write_set.hpp"

namespace stoa {

enum class EntryType : uint8_t {
  kWriteSet = 1,  // payload: encode_write_set of storage/write_set_encoding.hpp
};

// A command whose effect is in the entry.
struct Cause {
  std::string command;
  std::string trace_id;
  UserId actor;       // nil: anonymous or the cluster itself
  RequestId request;  // nil: none

  friend bool operator==(const Cause& a, const Cause& b) {
    return a.command == b.command && a.trace_id == b.trace_id && a.actor == b.actor && a.request == b.request;
  }
};

struct Entry {
  EntryType type = EntryType::kWriteSet;
  Time time;      // of the shard when it was evaluated; never falls from entry to entry
  Term term = 0;  // evaluated in: an entry that stands in the log under another term has no effect
  std::vector<Cause> causes;
  std::string payload;
};

// What applying an entry needs of it. The views are into the entry's bytes.
struct EnvelopeView {
  EntryType type = EntryType::kWriteSet;
  Time time;
  Term term = 0;
  std::string_view causes;  // encoded, and not looked at; empty in an entry of the first version
  std::string_view payload;
};

std::string encode_entry(const Entry& entry);
// The same of `head` with these writes as its payload, which is written in place.
std::string encode_entry(const Entry& head, const WriteSet& writes);
// An error when the bytes are damaged, or of a type or version that this program does not know.
Result<EnvelopeView> view_envelope(std::string_view bytes);
Result<Entry> decode_entry(std::string_view bytes);

}  // namespace stoa
