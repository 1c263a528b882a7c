#include "storage/layered_view.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <vector>

#include "base/random.hpp"
#include "storage/memory_view.hpp"

namespace stoa {
namespace {

class LayeredViewTest : public ::testing::Test {
 protected:
  LayeredViewTest() { lower_.apply({{"a", "1"}, {"c", "3"}, {"e", "5"}, {"g", "7"}}); }

  std::string scan(std::string_view from, std::string_view to, bool backwards = false, size_t most = 100) {
    std::string out;
    size_t count = 0;
    LayeredView(lower_, upper_).scan(from, to, backwards, [&](std::string_view key, std::string_view value) {
      out.append(key).append(value).append(" ");
      return ++count < most;
    });
    return out;
  }

  MemoryView lower_;
  WriteSet upper_;
};

TEST_F(LayeredViewTest, ReadsTheUpperLayerFirst) {
  upper_ = {{"a", "x"}, {"b", "2"}, {"c", std::nullopt}};
  const LayeredView view(lower_, upper_);
  std::string value;
  EXPECT_TRUE(view.get("a", value));
  EXPECT_EQ(value, "x");
  EXPECT_TRUE(view.get("b", value));
  EXPECT_FALSE(view.get("c", value));
  EXPECT_TRUE(view.get("e", value));
  EXPECT_EQ(value, "5");
  EXPECT_FALSE(view.get("f", value));
}

TEST_F(LayeredViewTest, MergesBothLayersInOrder) {
  upper_ = {{"0", "z"}, {"b", "2"}, {"c", "x"}, {"h", "8"}};
  EXPECT_EQ(scan("", ""), "0z a1 b2 cx e5 g7 h8 ");
  EXPECT_EQ(scan("", "", true), "h8 g7 e5 cx b2 a1 0z ");
}

TEST_F(LayeredViewTest, LeavesOutWhatIsDeletedAbove) {
  upper_ = {{"a", std::nullopt}, {"b", std::nullopt}, {"e", std::nullopt}, {"g", std::nullopt}};
  EXPECT_EQ(scan("", ""), "c3 ");
  EXPECT_EQ(scan("", "", true), "c3 ");
}

TEST_F(LayeredViewTest, KeepsToTheRange) {
  upper_ = {{"b", "2"}, {"d", "4"}, {"f", "6"}};
  EXPECT_EQ(scan("b", "f"), "b2 c3 d4 e5 ");
  EXPECT_EQ(scan("b", "f", true), "e5 d4 c3 b2 ");
  EXPECT_EQ(scan("c", "c"), "");
  EXPECT_EQ(scan("h", ""), "");
}

TEST_F(LayeredViewTest, TakesARangeThatEndsBeforeItBeginsForEmpty) {
  upper_ = {{"b", "2"}, {"d", "4"}};
  EXPECT_EQ(scan("e", "b"), "");
  EXPECT_EQ(scan("e", "b", true), "");
}

TEST_F(LayeredViewTest, StopsAsSoonAsItIsTold) {
  upper_ = {{"b", "2"}, {"c", std::nullopt}, {"d", "4"}};
  EXPECT_EQ(scan("", "", false, 1), "a1 ");
  EXPECT_EQ(scan("", "", false, 2), "a1 b2 ");
  EXPECT_EQ(scan("", "", false, 3), "a1 b2 d4 ");
  EXPECT_EQ(scan("", "", true, 1), "g7 ");
  EXPECT_EQ(scan("", "", true, 3), "g7 e5 d4 ");
  EXPECT_EQ(scan("b", "", false, 1), "b2 ");
}

TEST_F(LayeredViewTest, AgreesWithOneMapOverManyRandomLayers) {
  SeededRandom random(5);
  const auto some_key = [&] { return std::string(1 + random.below(2), static_cast<char>('a' + random.below(9))); };
  for (int round = 0; round < 2000; ++round) {
    MemoryView bottom, merged;
    WriteSet layers[3];
    for (WriteSet& layer : layers) {
      for (uint64_t n = random.below(8); n > 0; --n) {
        const std::string key = some_key(), value = std::to_string(random.below(99));
        layer.put(key, random.below(3) == 0 ? std::nullopt : std::optional<std::string_view>(value));
      }
      merged.apply(layer);
    }
    bottom.apply(layers[0]);
    const LayeredView middle(bottom, layers[1]), top(middle, layers[2]);
    const std::string from = some_key(), to = random.below(3) == 0 ? "" : some_key();
    const bool backwards = random.below(2) == 0;
    const size_t most = 1 + random.below(10);
    const auto collect = [&](const View& view) {
      std::vector<std::pair<std::string, std::string>> out;
      view.scan(from, to, backwards, [&](std::string_view key, std::string_view value) {
        out.emplace_back(key, value);
        return out.size() < most;
      });
      return out;
    };
    ASSERT_EQ(collect(top), collect(merged)) << "round " << round;
  }
}

}  // namespace
}  // namespace stoa
