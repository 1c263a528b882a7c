#include "storage/journal_record.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/crc32c.hpp"

namespace stoa {
namespace {

constexpr GroupId kGroup{2, 3};

std::string encode(const JournalRecord& record) {
  std::string out;
  write_record(out, record);
  return out;
}

TEST(JournalRecord, EveryKindIsReadAsItWasWritten) {
  std::string bytes = encode({kGroup, 8, Entries{{{5, 2, 0, "five"}, {6, 3, 1, ""}}}});
  bytes += encode({kGroup, 8, HardState{4, 9, 5}});
  bytes += encode({kGroup, 8, Reset{11, 4}});
  write_moved(bytes, {kGroup, 8, {20, 4}, {5, 6, 7}}, true, false, {{21, 5, 0, "x"}});
  write_base(bytes, {kGroup, 8, {21, 5}, {7, 8, 9}}, 30);
  write_oldest(bytes, 77);

  JournalRecordReader reader(bytes);
  JournalRecordView view;
  ASSERT_TRUE(reader.next(view).value());
  EXPECT_EQ(view.kind, JournalRecordKind::kEntries);
  EXPECT_EQ(view.group, kGroup);
  EXPECT_EQ(view.replica, 8u);
  ASSERT_EQ(view.entries.size(), 2u);
  EXPECT_EQ(view.entries[0].data, "five");
  EXPECT_EQ(view.entries[0].checksum, crc32c("five"));
  EXPECT_EQ(view.entries[1].index, 6u);
  EXPECT_EQ(view.entries[1].term, 3u);
  EXPECT_EQ(view.entries[1].kind, 1);
  ASSERT_TRUE(reader.next(view).value());
  EXPECT_EQ(view.hard_state, (HardState{4, 9, 5}));
  ASSERT_TRUE(reader.next(view).value());
  EXPECT_EQ(view.reset, (Reset{11, 4}));
  ASSERT_TRUE(reader.next(view).value());
  EXPECT_EQ(view.kind, JournalRecordKind::kMoved);
  EXPECT_TRUE(view.first_part);
  EXPECT_FALSE(view.last_part);
  EXPECT_EQ(view.reset, (Reset{20, 4}));
  EXPECT_EQ(view.hard_state, (HardState{5, 6, 7}));
  EXPECT_EQ(view.entries[0].index, 21u);
  ASSERT_TRUE(reader.next(view).value());
  EXPECT_EQ(view.kind, JournalRecordKind::kBase);
  EXPECT_EQ(view.replica, 8u);
  EXPECT_EQ(view.reset, (Reset{21, 5}));
  EXPECT_EQ(view.hard_state, (HardState{7, 8, 9}));
  EXPECT_EQ(view.last, 30u);
  ASSERT_TRUE(reader.next(view).value());
  EXPECT_EQ(view.oldest, 77u);
  EXPECT_FALSE(reader.next(view).value());
}

TEST(JournalRecord, TakesAsMuchRoomAsItsConstantsSay) {
  std::string empty, one;
  write_moved(empty, {kGroup, 8, {}, {}}, true, true, {});
  write_moved(one, {kGroup, 8, {}, {}}, true, true, {{1, 1, 0, "abc"}});
  EXPECT_LE(empty.size(), kMovedOverhead);
  EXPECT_EQ(one.size() - empty.size(), kEntryOverhead + 3);
}

TEST(JournalRecord, IsRefusedWhenCutShortAnywhere) {
  const std::string whole = encode({kGroup, 8, Entries{{{5, 2, 0, "five"}}}});
  for (size_t size = 1; size < whole.size(); ++size) {
    const std::string cut = whole.substr(0, size);
    JournalRecordReader reader(cut);
    JournalRecordView view;
    EXPECT_FALSE(reader.next(view).ok()) << size;
  }
}

TEST(JournalRecord, IsRefusedWhenItsKindIsNotKnown) {
  const std::string unknown = "\x09" + std::string(40, '\0');
  JournalRecordReader reader(unknown);
  JournalRecordView view;
  EXPECT_THAT(reader.next(view).error().what, testing::HasSubstr("kind 9"));
}

}  // namespace
}  // namespace stoa
