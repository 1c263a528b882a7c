#include "storage/database.hpp"

#include "storage/key.hpp"
#include "tests/storage/database_kinds.hpp"

namespace stoa {
namespace {

std::string key(uint16_t shard, std::string_view name) { return table_prefix(shard, 1).append(name); }

template <class Kind>
class DatabaseOf : public ::testing::Test {
 protected:
  Database& database() { return kind_.database(); }
  void write(uint16_t shard, Index applied, std::vector<std::pair<std::string, std::optional<std::string>>> writes) {
    ASSERT_TRUE(database().write(batch_of(shard, {7, applied, 2, "members"}, writes)).ok());
  }
  std::string read(const std::string& k) {
    std::string value;
    return database().get(k, value) ? value : "-";
  }

  Kind kind_;
  SeededRandom random_{1};
};
TYPED_TEST_SUITE(DatabaseOf, DatabaseKinds);

TYPED_TEST(DatabaseOf, ShowsAtOnceWhatWasWritten) {
  this->write(1, 5, {{key(1, "a"), "1"}, {key(1, "b"), ""}});
  EXPECT_EQ(this->read(key(1, "a")), "1");
  EXPECT_EQ(this->read(key(1, "b")), "");
  EXPECT_EQ(this->read(key(1, "c")), "-");
  this->write(1, 6, {{key(1, "a"), std::nullopt}});
  EXPECT_EQ(this->read(key(1, "a")), "-");
}

TYPED_TEST(DatabaseOf, KeepsTheMarkOfEachShardWithItsRecords) {
  EXPECT_EQ(this->database().mark(1).value(), std::nullopt);
  this->write(1, 5, {{key(1, "a"), "1"}});
  this->write(2, 9, {});
  EXPECT_EQ(this->database().mark(1).value(), (ShardMark{7, 5, 2, "members"}));
  EXPECT_EQ(this->database().mark(2).value(), (ShardMark{7, 9, 2, "members"}));
  EXPECT_EQ(this->database().mark(3).value(), std::nullopt);
}

TYPED_TEST(DatabaseOf, KeepsThroughACrashWhatWasFlushed) {
  this->write(1, 5, {{key(1, "a"), "1"}});
  ASSERT_TRUE(this->database().flush().ok());
  EXPECT_EQ(this->database().durable_mark(1).value()->applied, 5u);
  this->kind_.crash(this->random_);
  EXPECT_EQ(this->read(key(1, "a")), "1");
  EXPECT_EQ(this->database().mark(1).value(), (ShardMark{7, 5, 2, "members"}));
}

TYPED_TEST(DatabaseOf, KnowsWhatIsNotDurableYet) {
  this->write(1, 5, {{key(1, "a"), "1"}});
  EXPECT_EQ(this->database().durable_mark(1).value(), std::nullopt);
  ASSERT_TRUE(this->database().flush().ok());
  this->write(1, 6, {{key(1, "a"), "2"}});
  EXPECT_EQ(this->database().durable_mark(1).value()->applied, 5u);
  EXPECT_EQ(this->database().mark(1).value()->applied, 6u);
}

TYPED_TEST(DatabaseOf, NeverKeepsRecordsWithoutTheirMark) {
  for (Index i = 1; i <= 20; ++i) {
    this->write(1, i, {{key(1, "a"), std::to_string(i)}, {key(1, "b"), std::to_string(i)}});
    ASSERT_TRUE(this->random_.below(4) != 0 || this->database().flush().ok());
    if (this->random_.below(3) != 0) continue;
    this->kind_.crash(this->random_);
    const auto mark = this->database().mark(1).value();
    const std::string expected = mark ? std::to_string(mark->applied) : "-";
    EXPECT_EQ(this->read(key(1, "a")), expected);
    EXPECT_EQ(this->read(key(1, "b")), expected);
  }
}

TYPED_TEST(DatabaseOf, ScansARangeBothWaysUntilToldToStop) {
  this->write(1, 5, {{key(1, "a"), "1"}, {key(1, "b"), "2"}, {key(1, "c"), "3"}});
  this->write(2, 5, {{key(2, "a"), "9"}});
  const Database& database = this->database();
  EXPECT_EQ(scanned(database, key(1, ""), key(2, "")), "a=1 b=2 c=3 ");
  EXPECT_EQ(scanned(database, key(1, ""), key(2, ""), true), "c=3 b=2 a=1 ");
  EXPECT_EQ(scanned(database, key(1, "b"), key(1, "c")), "b=2 ");
  EXPECT_EQ(scanned(database, key(1, "b"), "", true), "a=9 c=3 b=2 ");
  EXPECT_EQ(scanned(database, key(1, ""), key(2, ""), true, 2), "c=3 b=2 ");
  EXPECT_EQ(scanned(database, key(1, "c"), key(1, "b")), "");
  EXPECT_EQ(scanned(database, "", ""), "a=1 b=2 c=3 a=9 ");
}

TYPED_TEST(DatabaseOf, LetsAReaderReadInsideItsScan) {
  this->write(1, 5, {{key(1, "a"), "1"}, {key(1, "b"), "2"}});
  std::string seen;
  this->database().scan(key(1, ""), key(2, ""), false, [&](std::string_view, std::string_view) {
    seen += this->read(key(1, "b"));
    return true;
  });
  EXPECT_EQ(seen, "22");
}

TYPED_TEST(DatabaseOf, WipesOneShardForGood) {
  this->write(1, 5, {{key(1, "a"), "1"}});
  this->write(2, 5, {{key(2, "a"), "2"}});
  ASSERT_TRUE(this->database().flush().ok());
  ASSERT_TRUE(this->database().wipe(1).ok());
  this->kind_.crash(this->random_);
  EXPECT_EQ(this->read(key(1, "a")), "-");
  EXPECT_EQ(this->database().mark(1).value(), std::nullopt);
  EXPECT_EQ(this->read(key(2, "a")), "2");
  this->write(1, 1, {{key(1, "b"), "3"}});
  EXPECT_EQ(scanned(this->database(), key(1, ""), key(2, "")), "b=3 ");
}

TYPED_TEST(DatabaseOf, AViewStaysAsItWas) {
  this->write(1, 5, {{key(1, "a"), "1"}, {key(1, "b"), "2"}});
  this->write(2, 9, {{key(2, "a"), "9"}});
  const auto view = this->database().view(1).value();
  this->write(1, 6, {{key(1, "a"), std::nullopt}, {key(1, "c"), "3"}});
  ASSERT_TRUE(this->database().flush().ok());
  ASSERT_TRUE(this->database().wipe(1).ok());
  EXPECT_EQ(*view->mark(), (ShardMark{7, 5, 2, "members"}));
  EXPECT_EQ(scanned(*view, key(1, ""), key(2, "")), "a=1 b=2 ");
  EXPECT_EQ(scanned(*view, key(1, ""), key(2, ""), true), "b=2 a=1 ");
  std::string value;
  EXPECT_TRUE(view->get(key(1, "a"), value));
  EXPECT_FALSE(view->get(key(1, "c"), value));
  EXPECT_EQ(this->database().view(3).value()->mark(), std::nullopt);
}

TYPED_TEST(DatabaseOf, AnInstallLeavesOnlyItsMarkerAndWhatItAdded) {
  Database& database = this->database();
  this->write(1, 5, {{key(1, "a"), "1"}, {key(1, "b"), "2"}});
  this->write(2, 5, {{key(2, "a"), "9"}});
  EXPECT_EQ(database.install_marker(1).value(), "");
  ASSERT_TRUE(database.begin_install(1, "staging").ok());
  EXPECT_EQ(scanned(database, key(1, ""), key(3, "")), "a=9 ");
  EXPECT_EQ(database.mark(1).value(), std::nullopt);
  EXPECT_EQ(database.install_marker(1).value(), "staging");
  const std::string b = key(1, "b");
  ASSERT_TRUE(database.add_installed(1, {{b, "new"}}).ok());
  this->write(2, 6, {{key(2, "b"), "8"}});
  ASSERT_TRUE(database.flush().ok());
  this->kind_.crash(this->random_);
  EXPECT_EQ(this->database().install_marker(1).value(), "staging");
  EXPECT_EQ(this->database().mark(1).value(), std::nullopt);
  EXPECT_EQ(scanned(this->database(), key(1, ""), key(3, "")), "b=new a=9 b=8 ");
}

TYPED_TEST(DatabaseOf, AnInstallEndsWithAMarkInThePlaceOfItsMarker) {
  ASSERT_TRUE(this->database().begin_install(1, "staging").ok());
  ASSERT_TRUE(this->database().end_install(1, {8, 50, 4, "others"}).ok());
  EXPECT_EQ(this->database().install_marker(1).value(), "");
  ASSERT_TRUE(this->database().flush().ok());
  this->kind_.crash(this->random_);
  EXPECT_EQ(this->database().mark(1).value(), (ShardMark{8, 50, 4, "others"}));
  EXPECT_EQ(this->database().install_marker(1).value(), "");
}

TYPED_TEST(DatabaseOf, AWipeTakesAMarkerToo) {
  ASSERT_TRUE(this->database().begin_install(1, "staging").ok());
  ASSERT_TRUE(this->database().wipe(1).ok());
  EXPECT_EQ(this->database().install_marker(1).value(), "");
}

TYPED_TEST(DatabaseOf, TakesAnyBytesAsKeyAndValue) {
  const std::string odd("\0\xff\0", 3);
  this->write(0, 5, {{key(0, odd), odd}, {key(0, odd + odd), std::string(100'000, '\0')}});
  EXPECT_EQ(this->read(key(0, odd)), odd);
  EXPECT_EQ(this->read(key(0, odd + odd)).size(), 100'000u);
}

}  // namespace
}  // namespace stoa
