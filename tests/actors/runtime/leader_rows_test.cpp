#include "actors/runtime/leader_rows.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

// A row as it was when it held one message.
struct RowOfOne {
  Uuid id{1, 2};
  uint64_t service = 3;
  uint64_t slot = 4;
  std::string command = "Do";
  std::string payload = "this";
  std::string trace_id = "t";
};
template <class V>
void fields(V& v, RowOfOne& x) {
  v(1, "id", x.id);
  v(2, "service", x.service);
  v(3, "slot", x.slot);
  v(4, "command", x.command);
  v(5, "payload", x.payload);
  v(6, "trace_id", x.trace_id);
}

TEST(OutboxRow, OfOneMessageReadsAndIsWrittenAsItAlwaysWas) {
  const std::string bytes = encode(RowOfOne{});
  const auto row = decode_stored<OutboxRow>(bytes);
  ASSERT_EQ(row.messages(), 1u);
  EXPECT_EQ(row.message(0).service, 3u);
  EXPECT_EQ(row.message(0).slot, 4u);
  EXPECT_EQ(row.message(0).command, "Do");
  EXPECT_EQ(row.message(0).payload, "this");
  EXPECT_EQ(encode(row), bytes);
}

TEST(OutboxRow, HoldsAllThatACommandSends) {
  OutboxRow row;
  for (const char* command : {"One", "Two", "Three"}) row.add({1, 2, command, "p"});
  const auto again = decode_stored<OutboxRow>(encode(row));
  ASSERT_EQ(again.messages(), 3u);
  EXPECT_EQ(again.message(0).command, "One");
  EXPECT_EQ(again.message(2).command, "Three");
}

}  // namespace
}  // namespace stoa
