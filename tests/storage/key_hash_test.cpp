#include "storage/key_hash.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <vector>

namespace stoa {
namespace {

TEST(KeyHash, TellsKeysThatDifferInOneBitApart) {
  const std::string key(40, 'k');
  std::set<uint64_t> seen{hash_key(key)};
  for (size_t bit = 0; bit < 8 * key.size(); ++bit) {
    std::string other = key;
    other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << bit % 8));
    EXPECT_TRUE(seen.insert(hash_key(other)).second);
  }
}

TEST(KeyHash, TellsLengthsApart) {
  std::set<uint64_t> seen;
  for (size_t size = 0; size < 100; ++size) EXPECT_TRUE(seen.insert(hash_key(std::string(size, '\0'))).second);
}

TEST(KeyHash, SpreadsKeysThatCountUp) {
  constexpr size_t kPlaces = 1024, kKeys = 16 * kPlaces;
  std::vector<size_t> places(kPlaces);
  for (size_t i = 0; i < kKeys; ++i) {
    std::string key("\0\1\1", 3);
    for (int shift = 56; shift >= 0; shift -= 8) key.push_back(static_cast<char>(i >> shift));
    ++places[hash_key(key) % kPlaces];
  }
  EXPECT_LT(*std::max_element(places.begin(), places.end()), 48u);
  EXPECT_GT(*std::min_element(places.begin(), places.end()), 1u);
}

}  // namespace
}  // namespace stoa
