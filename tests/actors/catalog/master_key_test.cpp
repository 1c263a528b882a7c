#include "actors/catalog/master_key.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

MasterKey key_of(char byte) { return MasterKey(Secret(std::string(MasterKey::kBytes, byte))); }

TEST(MasterKey, OpensWhatItSealed) {
  const MasterKey key = key_of('k');
  const std::string sealed = key.seal(Secret("a seed"));
  EXPECT_EQ(sealed.find("a seed"), std::string::npos);
  const auto opened = key.open(sealed);
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(opened->reveal(), "a seed");
}

TEST(MasterKey, SealsTheSameDifferentlyEachTime) {
  const MasterKey key = key_of('k');
  EXPECT_NE(key.seal(Secret("a seed")), key.seal(Secret("a seed")));
}

TEST(MasterKey, OpensNothingThatWasChangedOrSealedByAnother) {
  const MasterKey key = key_of('k');
  const std::string sealed = key.seal(Secret("a seed"));
  EXPECT_FALSE(key_of('l').open(sealed).has_value());
  EXPECT_FALSE(key.open("").has_value());
  for (size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(key.open(changed).has_value()) << i;
  }
}

TEST(MasterKey, IsReadFromTheLineThatItsFileHolds) {
  const Secret line = MasterKey::new_line();
  const auto key = MasterKey::parse(line);
  ASSERT_TRUE(key.has_value());
  const std::string bare(line.reveal().substr(0, line.reveal().size() - 1));
  EXPECT_EQ(MasterKey::parse(Secret(bare))->id(), key->id());
  EXPECT_FALSE(MasterKey::parse(Secret("")).has_value());
  EXPECT_FALSE(MasterKey::parse(Secret(bare.substr(4))).has_value());
  EXPECT_FALSE(MasterKey::parse(Secret(bare + "AAAA")).has_value());
  EXPECT_FALSE(MasterKey::parse(Secret("not base64 at all, but as long as a key..=")).has_value());
}

TEST(MasterKey, HasANameThatTellsKeysApart) {
  EXPECT_EQ(key_of('k').id(), key_of('k').id());
  EXPECT_NE(key_of('k').id(), key_of('l').id());
  EXPECT_EQ(key_of('k').id().size(), 16u);
}

}  // namespace
}  // namespace stoa
