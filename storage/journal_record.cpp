#include "storage/journal_record.hpp"

#include "base/crc32c.hpp"

namespace stoa {
namespace {

void write_head(std::string& out, JournalRecordKind kind, GroupId group, ReplicaId replica) {
  put_number(out, static_cast<uint8_t>(kind));
  put_number(out, group.value());
  put_number(out, replica);
}

void write_body(std::string& out, const Reset& reset) {
  put_number(out, reset.index);
  put_number(out, reset.term);
}

void write_body(std::string& out, const HardState& state) {
  put_number(out, state.term);
  put_number(out, state.vote);
  put_number(out, state.commit);
}

void write_body(std::string& out, const std::vector<LogEntry>& entries) {
  put_number(out, entries.empty() ? Index{0} : entries.front().index);
  put_number(out, static_cast<uint32_t>(entries.size()));
  for (const LogEntry& entry : entries) {
    put_number(out, entry.term);
    put_number(out, entry.kind);
    put_number(out, static_cast<uint32_t>(entry.data.size()));
    put_number(out, crc32c(entry.data));
    out.append(entry.data);
  }
}

void write_body(std::string& out, const Entries& body) { write_body(out, body.entries); }

JournalRecordKind kind_of(const Entries&) { return JournalRecordKind::kEntries; }
JournalRecordKind kind_of(const HardState&) { return JournalRecordKind::kHardState; }
JournalRecordKind kind_of(const Reset&) { return JournalRecordKind::kReset; }

constexpr uint8_t kFirstPart = 1;
constexpr uint8_t kLastPart = 2;

}  // namespace

void write_record(std::string& out, const JournalRecord& record) {
  std::visit(
      [&](const auto& body) {
        write_head(out, kind_of(body), record.group, record.replica);
        write_body(out, body);
      },
      record.body);
}

void write_moved(std::string& out, const MovedGroup& moved, bool first_part, bool last_part,
                 const std::vector<LogEntry>& entries) {
  write_head(out, JournalRecordKind::kMoved, moved.group, moved.replica);
  put_number(out, static_cast<uint8_t>((first_part ? kFirstPart : 0) | (last_part ? kLastPart : 0)));
  write_body(out, moved.reset);
  write_body(out, moved.hard_state);
  write_body(out, entries);
}

void write_base(std::string& out, const MovedGroup& group, Index last) {
  write_head(out, JournalRecordKind::kBase, group.group, group.replica);
  write_body(out, group.reset);
  write_body(out, group.hard_state);
  put_number(out, last);
}

void write_oldest(std::string& out, uint64_t sequence) {
  write_head(out, JournalRecordKind::kOldest, {}, 0);
  put_number(out, sequence);
}

void JournalRecordReader::read_entries(JournalRecordView& record) {
  record.entries.clear();
  const auto first = in_.number<Index>();
  const auto count = in_.number<uint32_t>();
  for (uint32_t i = 0; i < count && in_.ok(); ++i) {
    StoredEntryView entry;
    entry.index = first + i;
    entry.term = in_.number<Term>();
    entry.kind = in_.number<uint8_t>();
    const auto size = in_.number<uint32_t>();
    entry.checksum = in_.number<uint32_t>();
    entry.data = in_.bytes(size);
    record.entries.push_back(entry);
  }
}

Result<bool> JournalRecordReader::next(JournalRecordView& record) {
  if (in_.left() == 0) return false;
  const auto kind = in_.number<uint8_t>();
  record.kind = static_cast<JournalRecordKind>(kind);
  record.group = GroupId::from_value(in_.number<uint32_t>());
  record.replica = in_.number<ReplicaId>();
  switch (record.kind) {
    case JournalRecordKind::kMoved: {
      const auto parts = in_.number<uint8_t>();
      record.first_part = (parts & kFirstPart) != 0;
      record.last_part = (parts & kLastPart) != 0;
      [[fallthrough]];
    }
    case JournalRecordKind::kBase:
    case JournalRecordKind::kReset:
      record.reset.index = in_.number<Index>();
      record.reset.term = in_.number<Term>();
      if (record.kind == JournalRecordKind::kReset) break;
      [[fallthrough]];
    case JournalRecordKind::kHardState:
      record.hard_state.term = in_.number<Term>();
      record.hard_state.vote = in_.number<uint64_t>();
      record.hard_state.commit = in_.number<Index>();
      if (record.kind == JournalRecordKind::kBase) record.last = in_.number<Index>();
      if (record.kind != JournalRecordKind::kMoved) break;
      [[fallthrough]];
    case JournalRecordKind::kEntries:
      read_entries(record);
      break;
    case JournalRecordKind::kOldest:
      record.oldest = in_.number<uint64_t>();
      break;
    default:
      return Error{"a record of kind " + std::to_string(kind) + ", which this version does not know"};
  }
  if (!in_.ok()) return Error{"a record that goes on past the end of its frame"};
  return true;
}

}  // namespace stoa
