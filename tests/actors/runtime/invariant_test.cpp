#include "actors/runtime/invariant.hpp"

#include <gtest/gtest.h>

#include "tests/actors/rules_fixture.hpp"

namespace stoa {
namespace {

// Sound unless it says otherwise.
struct Vow {
  static constexpr Table kTable = 1;
  Uuid id;
  bool broken = false;

  Uuid key() const { return id; }
};
template <class V>
void fields(V& v, Vow& x) {
  v(1, "id", x.id);
  v(2, "broken", x.broken);
}

struct Vows : RulesFixture {
  size_t looked = 0;

  void put(const Vow& vow) {
    Transaction tx(state, 0, now, random);
    tx.put(vow);
    state.apply(tx.writes());
  }
  Uuid check(Uuid from, std::vector<std::string>& found) {
    return check_each<Vow>(reader(), from, found, [&](const Vow& vow) {
      ++looked;
      if (vow.broken) found.push_back(vow.id.hex());
    });
  }
};

TEST(Invariant, LooksOnlyAtWhatComesAfterTheFirstChange) {
  Vows vows;
  for (uint64_t i = 1; i <= 100; ++i) vows.put({{0, i}, false});
  std::vector<std::string> found;
  EXPECT_EQ(vows.check({}, found), kSettled);
  EXPECT_EQ(std::exchange(vows.looked, 0), 100u);
  vows.put({{0, 101}, false});
  EXPECT_EQ(vows.check({0, 101}, found), kSettled);
  EXPECT_EQ(vows.looked, 1u);
}

// Whatever changes, the part that is looked at holds every violation that there is.
TEST(Invariant, FindsAllThatALookAtEverythingFinds) {
  Vows vows;
  Uuid from;
  for (int round = 0; round < 500; ++round) {
    for (uint64_t changes = vows.random.below(4); changes > 0; --changes) {
      const Vow vow{{0, vows.random.below(60)}, vows.random.below(5) == 0};
      vows.put(vow);
      from = std::min(from, vow.id);
    }
    std::vector<std::string> some, all;
    from = vows.check(from, some);
    vows.check({}, all);
    ASSERT_EQ(some, all) << "round " << round;
  }
}

}  // namespace
}  // namespace stoa
