// What one turn of a node's loop says to another node: messages of consensus groups, requests to shards there, replies
// to requests from there, and notes on topics of the program. One record, encoded once; cut into pieces where a
// transport carries no more at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "actors/runtime/reply.hpp"
#include "base/call.hpp"
#include "base/group.hpp"
#include "base/record.hpp"

namespace stoa {

struct RaftItem {
  uint32_t group = 0;  // GroupId::value()
  uint64_t from = 0, to = 0;
  std::string message;
};
template <class V>
void fields(V& v, RaftItem& x) {
  v(1, "group", x.group);
  v(2, "from", x.from);
  v(3, "to", x.to);
  v(4, "message", x.message);
}

struct RequestItem {
  uint64_t id = 0;  // of the asking node's; its reply carries it
  uint32_t group = 0;
  Call call;
  int64_t left_ms = 0;  // until the deadline: the clocks of two nodes differ
  std::string command;
  std::string payload;
};
template <class V>
void fields(V& v, RequestItem& x) {
  v(1, "id", x.id);
  v(2, "group", x.group);
  v(3, "call", x.call);
  v(4, "left_ms", x.left_ms);
  v(5, "command", x.command);
  v(6, "payload", x.payload);
}

struct ReplyItem {
  uint64_t id = 0;
  Reply reply;
};
template <class V>
void fields(V& v, ReplyItem& x) {
  v(1, "id", x.id);
  v(2, "reply", x.reply);
}

struct NoteItem {
  std::string topic;
  std::string text;
};
template <class V>
void fields(V& v, NoteItem& x) {
  v(1, "topic", x.topic);
  v(2, "text", x.text);
}

struct Parcel {
  std::vector<RaftItem> raft;
  std::vector<RequestItem> requests;
  std::vector<ReplyItem> replies;
  std::vector<NoteItem> notes;
};
template <class V>
void fields(V& v, Parcel& x) {
  v(1, "raft", x.raft);
  v(2, "requests", x.requests);
  v(3, "replies", x.replies);
  v(4, "notes", x.notes);
}

std::string encode_parcel(const Parcel& parcel);

// The bytes of a parcel in pieces of at most `most`, in the order in which they must arrive. REQUIRES most > 1.
std::vector<std::string> cut_parcel(std::string bytes, size_t most);

// Puts the pieces of one sender together again.
class ParcelJoiner {
 public:
  static constexpr size_t kMaxBytes = 16 << 20;

  // The whole once its last piece is there. A piece that fits nowhere is dropped, with what was begun.
  std::optional<std::string> add(std::string piece);
  void clear() { begun_ = false, bytes_.clear(); }

 private:
  std::string bytes_;
  bool begun_ = false;
};

}  // namespace stoa
