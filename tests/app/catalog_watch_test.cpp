#include "app/catalog_watch.hpp"

#include <gtest/gtest.h>

#include "storage/memory_disk.hpp"
#include "tests/app/catalog_by_hand.hpp"

namespace stoa {
namespace {

class CatalogWatchTest : public testing::Test {
 protected:
  CatalogWatch watch() {
    return CatalogWatch(caller_, disk_, [](const std::function<void()>& work) { work(); },
                        {[this](const Directory& d) { directories_.push_back(d.version); },
                         [this](const SettingsView& v) { settings_.push_back(v.version); },
                         [this](const KeysView& v) { keys_.push_back(v.version); }});
  }
  void set_level(const std::string& level) {
    catalog_.fixture.must(catalog::set_settings, SetSettings{{{"log.level", level}}, std::nullopt, ""});
  }
  // A quarter of a second later.
  void step(CatalogWatch& w) {
    clock_.advance_ms(250);
    w.tick();
    catalog_.answer();
  }

  ManualClock clock_;
  SeededRandom random_{1};
  CatalogByHand catalog_;
  CatalogCaller caller_{catalog_, clock_, random_};
  MemoryDisk disk_;
  std::vector<uint64_t> directories_, settings_, keys_;
};

TEST_F(CatalogWatchTest, TellsEachNewVersionOnce) {
  CatalogWatch w = watch();
  set_level("debug");
  for (int i = 0; i < 3; ++i) step(w);
  EXPECT_EQ(settings_, (std::vector<uint64_t>{1}));
  set_level("warn");
  step(w);
  EXPECT_EQ(settings_, (std::vector<uint64_t>{1, 2}));
  EXPECT_TRUE(directories_.empty());
  EXPECT_TRUE(keys_.empty());
}

TEST_F(CatalogWatchTest, AsksFourTimesASecondAndNeverTwiceAtOnce) {
  CatalogWatch w = watch();
  w.tick();
  clock_.advance_ms(1000);
  w.tick();
  EXPECT_EQ(catalog_.answer(), 1);
  w.tick();
  EXPECT_EQ(catalog_.answer(), 1);
  clock_.advance_ms(100);
  w.tick();
  EXPECT_EQ(catalog_.answer(), 0);
}

TEST_F(CatalogWatchTest, GoesOnWithTheLastViewAfterAStartWithoutTheCatalog) {
  {
    CatalogWatch w = watch();
    set_level("debug");
    step(w);
  }
  disk_.crash(random_);
  settings_.clear();
  CatalogWatch again = watch();
  ASSERT_TRUE(again.restore().ok());
  EXPECT_EQ(settings_, (std::vector<uint64_t>{1}));
  EXPECT_FALSE(again.heard());
  clock_.advance_ms(250);
  again.tick();
  catalog_.refuse_all();
  EXPECT_FALSE(again.heard());
  step(again);
  EXPECT_TRUE(again.heard());
  EXPECT_EQ(settings_, (std::vector<uint64_t>{1}));
}

TEST_F(CatalogWatchTest, ADamagedFileIsAsGoodAsNone) {
  {
    CatalogWatch w = watch();
    set_level("debug");
    step(w);
  }
  const auto file = disk_.open("catalog.view");
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE((*file)->write((*file)->size() - 1, "X").ok());
  settings_.clear();
  CatalogWatch again = watch();
  ASSERT_TRUE(again.restore().ok());
  EXPECT_TRUE(settings_.empty());
  step(again);
  EXPECT_EQ(settings_, (std::vector<uint64_t>{1}));
}

}  // namespace
}  // namespace stoa
