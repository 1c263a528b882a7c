// A service of the tests: counters with a limit, one command that waits for a saga, one with an effect.
#pragma once

#include <tuple>

#include "actors/runtime/service.hpp"
#include "actors/runtime/service_port.hpp"

namespace stoa::counter {

constexpr uint16_t kNumber = 1;

// How many records its invariant has looked at.
extern size_t looked_at;

struct Counter {
  static constexpr Table kTable = 1;
  std::string name;
  int64_t value = 0;
  const std::string& key() const { return name; }
};
template <class V>
void fields(V& v, Counter& x) {
  v(1, "name", x.name);
  v(2, "value", x.value);
}

// That a half of a move was done.
struct Shifted {
  static constexpr Table kTable = 2;
  Uuid id;
  std::string name;
  int64_t by = 0;
  auto key() const { return std::tuple(id, name); }
};
template <class V>
void fields(V& v, Shifted& x) {
  v(1, "id", x.id);
  v(2, "name", x.name);
  v(3, "by", x.by);
}

}  // namespace stoa::counter

namespace stoa {

struct Add {
  static constexpr std::string_view kName = "Add";
  std::string name;
  int64_t by = 0;
};
template <class V>
void fields(V& v, Add& x) {
  v(1, "name", x.name);
  v(2, "by", x.by);
}

struct Show {
  static constexpr std::string_view kName = "Show";
  std::string name;
};
template <class V>
void fields(V& v, Show& x) {
  v(1, "name", x.name);
}

// One half of a move, done once whoever asks how often.
struct Shift {
  static constexpr std::string_view kName = "Shift";
  Uuid id;  // of the move
  std::string name;
  int64_t by = 0;
};
template <class V>
void fields(V& v, Shift& x) {
  v(1, "id", x.id);
  v(2, "name", x.name);
  v(3, "by", x.by);
}

// Moves `by` from one counter to another on the next shard, by a saga.
struct Move {
  static constexpr std::string_view kName = "Move";
  Uuid id;
  std::string from;
  std::string to;
  int64_t by = 0;
};
template <class V>
void fields(V& v, Move& x) {
  v(1, "id", x.id);
  v(2, "from", x.from);
  v(3, "to", x.to);
  v(4, "by", x.by);
}

struct DecideMove {
  static constexpr std::string_view kName = "DecideMove";
  Move move;
  bool ok = false;
};
template <class V>
void fields(V& v, DecideMove& x) {
  v(1, "move", x.move);
  v(2, "ok", x.ok);
}

// In a while, adds.
struct AddLater {
  static constexpr std::string_view kName = "AddLater";
  Add add;
  int64_t in_ms = 0;
};
template <class V>
void fields(V& v, AddLater& x) {
  v(1, "add", x.add);
  v(2, "in_ms", x.in_ms);
}

}  // namespace stoa

CAF_BEGIN_TYPE_ID_BLOCK(counter, stoa::first_type_id(1))
CAF_ADD_TYPE_ID(counter, (stoa::Add))
CAF_ADD_TYPE_ID(counter, (stoa::Show))
CAF_ADD_TYPE_ID(counter, (stoa::Move))
CAF_ADD_TYPE_ID(counter, (stoa::DecideMove))
CAF_ADD_TYPE_ID(counter, (stoa::AddLater))
CAF_ADD_TYPE_ID(counter, (stoa::Shift))
CAF_END_TYPE_ID_BLOCK(counter)

namespace stoa::counter {

using List = Messages<Add, Show, Move, DecideMove, AddLater, Shift>;
using Api = ShardApi<List>;

Service make_service();

}  // namespace stoa::counter
