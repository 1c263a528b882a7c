#include "storage/write_set.hpp"

#include <gtest/gtest.h>
#include <iterator>
#include <map>
#include <string>

#include "base/random.hpp"

namespace stoa {
namespace {

using Model = std::map<std::string, std::optional<std::string>>;

// Few enough to meet again, and of all lengths: some share their first bytes with others, some hold zeros.
std::string some_key(Random& random) {
  std::string key(random.below(4) * random.below(10), static_cast<char>(random.below(2)));
  for (uint64_t n = random.below(4); n > 0; --n) key.push_back(static_cast<char>(random.below(3) * 120));
  return key;
}

Model rows_of(const WriteSet& set) {
  Model out;
  for (const auto& [key, value] : set) out.emplace_hint(out.end(), key, value);
  return out;
}

std::string keys_of(const WriteSet& set) {
  std::string out;
  for (const auto& [key, value] : set) out.append(key).append(value ? " " : "- ");
  return out;
}

TEST(WriteSet, KeepsTheLastWriteOfAKey) {
  WriteSet set{{"b", "1"}, {"a", "2"}, {"b", std::nullopt}, {"c", "3"}, {"c", "a longer one, which needs more room"}};
  EXPECT_EQ(keys_of(set), "a b- c ");
  EXPECT_EQ(set.size(), 3u);
  EXPECT_EQ(set.find("a")->value, "2");
  EXPECT_EQ(set.find("b")->value, std::nullopt);
  EXPECT_EQ(set.find("c")->value, "a longer one, which needs more room");
  EXPECT_FALSE(set.find("d"));
  set.put("b", "");
  EXPECT_EQ(set.find("b")->value, "");
}

TEST(WriteSet, IsEmptyAtFirst) {
  const WriteSet set;
  EXPECT_TRUE(set.empty());
  EXPECT_EQ(set.bytes(), 0u);
  EXPECT_FALSE(set.find("a"));
  EXPECT_TRUE(set.begin() == set.end());
  EXPECT_TRUE(set.lower_bound("a") == set.end());
}

TEST(WriteSet, OrdersKeysAsBytes) {
  const WriteSet set{{std::string(17, 'x'), "1"},
                     {std::string(16, 'x'), "1"},
                     {std::string("a\0b", 3), "1"},
                     {"a", "1"},
                     {std::string("a\0", 2), "1"},
                     {"\xff", "1"},
                     {"", "1"},
                     {std::string(16, 'x') + "a", "1"}};
  std::string before;
  for (auto at = std::next(set.begin()); at != set.end(); ++at) {
    EXPECT_LT(before, (*at).key);
    before = (*at).key;
  }
  EXPECT_EQ((*std::prev(set.end())).key, "\xff");
}

TEST(WriteSet, ForgetsAKeyAsIfItHadNeverBeenWritten) {
  WriteSet set{{"a", "1"}, {"b", "2"}, {"c", "3"}};
  EXPECT_EQ(keys_of(set), "a b c ");
  set.forget("b");
  set.forget("not there");
  EXPECT_FALSE(set.find("b"));
  EXPECT_EQ(keys_of(set), "a c ");
  set.put("b", "again");
  EXPECT_EQ(keys_of(set), "a b c ");
  EXPECT_EQ(set.find("b")->value, "again");
}

TEST(WriteSet, TakesLittleForRowsThatComeAndGo) {
  WriteSet set;
  set.put("stays", std::string(1000, 'x'));
  for (int i = 0; i < 1000; ++i) {
    set.put(std::to_string(i), std::string(1000, 'x'));
    set.forget(std::to_string(i));
  }
  EXPECT_LT(set.bytes(), 150'000u);
}

TEST(WriteSet, TakesBackTheKeysThatCameLast) {
  WriteSet set{{"b", "1"}, {"d", "2"}};
  const size_t mark = set.keys_put();
  set.put("a", "3");
  set.put("c", std::nullopt);
  EXPECT_EQ(keys_of(set), "a b c- d ");
  set.put("e", "4");
  set.cut(mark);
  EXPECT_EQ(keys_of(set), "b d ");
  EXPECT_FALSE(set.find("a"));
  set.put("c", "5");
  EXPECT_EQ(keys_of(set), "b c d ");
}

TEST(WriteSet, IsAnotherAfterAMove) {
  WriteSet set{{"a", "1"}, {"b", "2"}};
  EXPECT_EQ(keys_of(set), "a b ");
  WriteSet moved = std::move(set);
  set = WriteSet();
  set.put("c", "3");
  EXPECT_EQ(keys_of(set), "c ");
  EXPECT_EQ(keys_of(moved), "a b ");
}

TEST(WriteSet, AgreesWithAnOrderedMapWhateverIsDoneToIt) {
  SeededRandom random(4);
  for (int round = 0; round < 400; ++round) {
    WriteSet set;
    Model model;
    for (uint64_t i = random.below(100); i > 0; --i) model[some_key(random)] = std::string(random.below(40), 'm');
    for (const auto& [key, value] : model) set.append(key, value);
    for (uint64_t step = random.below(200); step > 0; --step) {
      const std::string key = some_key(random);
      const uint64_t what = random.below(12);
      if (what < 7) {
        const std::string value(random.below(100), static_cast<char>('a' + step % 26));
        set.put(key, random.below(4) == 0 ? std::nullopt : std::optional<std::string_view>(value));
        model[key] = set.find(key)->value ? std::optional(value) : std::nullopt;
      } else if (what < 9) {
        set.forget(key);
        model.erase(key);
      } else if (what < 10) {
        ASSERT_EQ(rows_of(set), model);
      } else if (what < 11) {
        const auto at = set.lower_bound(key);
        const auto expected = model.lower_bound(key);
        ASSERT_EQ(at == set.end(), expected == model.end());
        if (at != set.end()) {
          ASSERT_EQ((*at).key, expected->first);
        }
      } else {
        const auto found = set.find(key);
        const auto expected = model.find(key);
        ASSERT_EQ(found.has_value(), expected != model.end());
        if (found) {
          ASSERT_EQ(found->value, expected->second);
        }
      }
      ASSERT_EQ(set.size(), model.size());
    }
    ASSERT_EQ(rows_of(set), model);
  }
}

TEST(WriteSet, CutsWhateverCameSinceAsAnOrderedMapWould) {
  SeededRandom random(5);
  for (int round = 0; round < 400; ++round) {
    WriteSet set;
    Model model;
    for (int part = 0; part < 10; ++part) {
      const size_t mark = set.keys_put();
      Model after = model;
      for (uint64_t n = random.below(40); n > 0; --n) {
        const std::string key = some_key(random);
        if (after.count(key) != 0) continue;
        set.put(key, key);
        after[key] = key;
        if (random.below(20) == 0) {
          ASSERT_EQ(rows_of(set), after);
        }
      }
      if (random.below(2) == 0)
        set.cut(mark);
      else
        model = after;
    }
    ASSERT_EQ(rows_of(set), model);
  }
}

TEST(WriteSet, MayBeAskedToFetchWhatItHasAndWhatItHasNot) {
  const std::vector<StateWrite> keys = {{"a", std::nullopt}, {"b", "2"}, {"c", ""}};
  WriteSet set;
  set.prefetch(keys);
  set.put("a", "1");
  set.put("c", std::nullopt);
  set.prefetch(keys);
  set.prefetch({});
  EXPECT_EQ(set, (WriteSet{{"a", "1"}, {"c", std::nullopt}}));
  EXPECT_DEATH(set.prefetch(std::vector<StateWrite>(WriteSet::kPrefetched + 1)), "nearest cache");
}

}  // namespace
}  // namespace stoa
