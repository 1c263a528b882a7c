// Power is cut at every write and every sync: what was answered is there, and no turn is there in part.
#include <gtest/gtest.h>

#include "tests/storage/journal_kinds.hpp"
#include "tests/storage/journal_script.hpp"

namespace stoa {
namespace {

template <class Kind>
struct JournalCrashTest : testing::Test {};

using Kinds = testing::Types<MemoryKind, FileKind>;
TYPED_TEST_SUITE(JournalCrashTest, Kinds);

TYPED_TEST(JournalCrashTest, WhateverWasSyncedIsThereWhereverThePowerIsCut) {
  const JournalScript script(3, 120);
  TypeParam whole;
  Journal* uncut = whole.open().value();
  const uint64_t begin = whole.operations();
  script.run(*uncut);
  for (uint64_t cut = begin; cut < whole.operations(); ++cut) {
    for (uint64_t seed = 0; seed < 3; ++seed) {
      TypeParam kind;
      Journal* journal = kind.open().value();
      kind.cut_power_at(cut);
      const auto [answered, durable] = script.run(*journal);
      ASSERT_LT(answered, script.turn.size()) << "the cut was met";
      SeededRandom random(cut * 8 + seed);
      kind.crash(random);
      auto opened = kind.open();
      ASSERT_TRUE(opened.ok()) << "cut at " << cut << ": " << opened.error().what;
      script.expect_one_of(durable, answered + 1, **opened, cut);
      if (this->HasFatalFailure()) return;
    }
  }
}

TYPED_TEST(JournalCrashTest, AgreesWithItsModelOverManyLives) {
  for (uint64_t seed = 0; seed < 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SeededRandom random(seed);
    TypeParam kind;
    for (int life = 0; life < 8; ++life) {
      const JournalScript script(seed * 100 + static_cast<uint64_t>(life), 60);
      Journal* journal = kind.open().value();
      // Each life begins by forgetting the groups of the one before.
      for (const GroupId group : journal->groups()) ASSERT_TRUE(journal->append({{group, 0, Reset{}}}, true).ok());
      if (random.below(3) != 0) kind.cut_power_at(kind.operations() + random.below(150));
      const auto [answered, durable] = script.run(*journal);
      if (answered == script.turn.size()) {
        EXPECT_EQ(script.states.back().difference(*journal), "");
      }
      kind.crash(random);
      auto opened = kind.open();
      ASSERT_TRUE(opened.ok()) << opened.error().what;
      script.expect_one_of(durable, answered + 1, **opened, 0);
      if (this->HasFailure()) return;
    }
  }
}

}  // namespace
}  // namespace stoa
