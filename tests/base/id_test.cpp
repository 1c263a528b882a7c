#include "base/id.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

TEST(Id, NamesItsSlotAndTime) {
  SeededRandom random(3);
  const auto id = ProductId::mint(Time{1700000000000}, 1234, random);
  EXPECT_EQ(id.slot(), 1234);
  EXPECT_EQ(id.uuid.time(), Time{1700000000000});
  EXPECT_EQ(id.uuid.hex()[12], '7');
  EXPECT_EQ(ProductId::parse(id.text()), id);
}

TEST(Id, RefusesOtherKindsAndForms) {
  SeededRandom random(3);
  const auto text = ProductId::mint(Time{1}, 1, random).text();
  EXPECT_FALSE(OrderId::parse(text));
  EXPECT_FALSE(ProductId::parse(text + "0"));
  EXPECT_FALSE(ProductId::parse(text.substr(0, 35)));
  EXPECT_FALSE(ProductId::parse("prd_" + std::string(32, 'G')));
}

TEST(Id, SortsLaterIdsLater) {
  SeededRandom random(3);
  EXPECT_LT(OrderId::mint(Time{1}, 4095, random), OrderId::mint(Time{2}, 0, random));
}

// Golden: these decide where data that exists is looked for, so they may never change.
TEST(Slot, OfANaturalKeyIsFrozen) {
  EXPECT_EQ(slot_of(""), 17);
  EXPECT_EQ(slot_of("customer@demo.stoa"), 3102);
  EXPECT_EQ(slot_of("a"), 2466);
}

}  // namespace
}  // namespace stoa
