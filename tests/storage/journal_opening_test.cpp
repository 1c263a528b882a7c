// A torn end is forgotten, damage is refused, and what an opening has shown is on the disk.
#include "storage/journal_opening.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/crc32c.hpp"
#include "tests/storage/journal_kinds.hpp"
#include "tests/storage/journal_script.hpp"

namespace stoa {
namespace {

// A frame on the disk, whichever process wrote it.
struct Frame {
  std::string file;
  uint64_t offset;
  FrameHeader header;
};

std::vector<Frame> frames_of(const MemoryDisk& disk, uint64_t from_sequence) {
  std::vector<Frame> out;
  for (const std::string& name : disk.list().value()) {
    const std::string& content = disk.content(name);
    const auto segment = decode_header(std::string_view(content).substr(0, kJournalBlock));
    if (!segment || !*segment || (*segment)->sequence < from_sequence) continue;
    for (uint64_t at = kJournalBlock; at < content.size(); at += kJournalBlock) {
      const auto header = peek_frame(std::string_view(content).substr(at));
      if (header && header->sequence == (*segment)->sequence) out.push_back({name, at, *header});
    }
  }
  std::sort(out.begin(), out.end(), [](const Frame& a, const Frame& b) { return a.header.turn < b.header.turn; });
  return out;
}

// One process has written this many turns, all synced, and was killed. Segments filled up, but none was used twice.
struct JournalOpeningTest : testing::Test {
  static constexpr int kTurns = 30;

  JournalOpeningTest() {
    kind.options.segments = 12;
    write(kind);
    frames = frames_of(kind.disk, 1);
  }
  void write(FileKind& to) const {
    Journal* journal = to.open().value();
    for (int i = 0; i < kTurns; ++i) {
      ASSERT_TRUE(journal->append(script.turn[static_cast<size_t>(i)], true).ok());
    }
    to.kill();
  }
  uint64_t random_bit(const Frame& frame) {
    return (frame.offset * 8) + random.below((kFrameHeaderBytes + frame.header.length) * 8);
  }
  std::string opening_error(FileKind& of) {
    const auto opened = of.open();
    return opened ? "" : opened.error().what;
  }

  const JournalScript script{5, kTurns};
  SeededRandom random{2};
  FileKind kind;
  std::vector<Frame> frames;
};

TEST_F(JournalOpeningTest, FindsAllTurnsOfAProcessThatWasKilled) {
  ASSERT_EQ(frames.size(), static_cast<size_t>(kTurns));
  ASSERT_GT(frames.back().header.sequence, 2u) << "several segments are in use";
  EXPECT_EQ(script.states.back().difference(*kind.open().value()), "");
}

TEST_F(JournalOpeningTest, RefusesAFlippedBitInAnyFrameButTheLast) {
  for (size_t i = 0; i + 1 < frames.size(); ++i) {
    for (int tries = 0; tries < 8; ++tries) {
      const uint64_t bit = random_bit(frames[i]);
      kind.disk.flip_bit(frames[i].file, bit);
      EXPECT_THAT(opening_error(kind), testing::HasSubstr("is damaged")) << "turn " << frames[i].header.turn;
      kind.disk.flip_bit(frames[i].file, bit);
    }
  }
  EXPECT_EQ(opening_error(kind), "") << "nothing was written while refusing";
}

TEST_F(JournalOpeningTest, ForgetsALastFrameThatIsNotValid) {
  for (int tries = 0; tries < 20; ++tries) {
    FileKind fresh;
    fresh.options = kind.options;
    write(fresh);
    fresh.disk.flip_bit(frames.back().file, random_bit(frames.back()));
    EXPECT_EQ(script.states[kTurns - 1].difference(*fresh.open().value()), "");
  }
}

TEST_F(JournalOpeningTest, RefusesAFlippedBitInTheHeaderOfASegmentInUse) {
  for (const std::string& name : kind.disk.list().value()) {
    const auto header = decode_header(std::string_view(kind.disk.content(name)).substr(0, kJournalBlock));
    if (!*header || (*header)->sequence == 0) continue;
    for (uint64_t bit = 0; bit < 32 * 8; bit += 5) {
      kind.disk.flip_bit(name, bit);
      EXPECT_THAT(opening_error(kind), testing::HasSubstr("is damaged")) << name << " bit " << bit;
      kind.disk.flip_bit(name, bit);
    }
  }
}

TEST_F(JournalOpeningTest, RefusesTheLastFrameOnceALaterSegmentWasBegun) {
  kind.open().value();  // begins a segment that keeps all turns
  kind.kill();
  kind.disk.flip_bit(frames.back().file, random_bit(frames.back()));
  EXPECT_THAT(opening_error(kind), testing::HasSubstr("a later segment was begun"));
}

TEST_F(JournalOpeningTest, RefusesAMissingSegment) {
  const std::string first = frames.front().file, middle = frames[kTurns / 2].file;
  ASSERT_NE(first, middle);
  ASSERT_NE(frames.back().file, middle);
  for (const std::string& name : {first, middle}) {
    FileKind fresh;
    fresh.options = kind.options;
    write(fresh);
    ASSERT_TRUE(fresh.disk.remove(name).ok());
    EXPECT_THAT(opening_error(fresh), testing::HasSubstr("is missing"));
  }
}

TEST_F(JournalOpeningTest, MissesAGroupThatWasInTheFirstSegmentAlone) {
  FileKind fresh;
  Journal* journal = fresh.open().value();
  const GroupId quiet{1, 0}, busy{2, 0};
  ASSERT_TRUE(journal->append({{quiet, 9, Reset{0, 0}}}, true).ok());
  journal = fresh.open().value();  // begins the second segment
  ASSERT_TRUE(journal->append({{busy, 9, Reset{0, 0}}}, true).ok());
  fresh.kill();
  fresh.disk.flip_bit(fresh.disk.list().value().front(), 8 * 12);
  EXPECT_THAT(opening_error(fresh), testing::HasSubstr("segment 1 is missing"));
}

TEST_F(JournalOpeningTest, RefusesAFormatThatItDoesNotKnow) {
  std::string header = encode_header({1, 0});
  const uint32_t version = 2;
  header.replace(8, 4, reinterpret_cast<const char*>(&version), 4);
  const uint32_t checksum = crc32c(std::string_view(header).substr(0, 28));
  header.replace(28, 4, reinterpret_cast<const char*>(&checksum), 4);
  const auto file = kind.disk.open(frames.front().file).value();
  ASSERT_TRUE(file->write(0, header).ok());
  EXPECT_THAT(opening_error(kind), testing::HasSubstr("format version 2; this program knows version 1"));
}

TEST_F(JournalOpeningTest, GoesOnBehindATornTurn) {
  kind.disk.flip_bit(frames.back().file, random_bit(frames.back()));
  JournalModel model = script.states[kTurns - 1];
  Journal* journal = kind.open().value();
  JournalTurns make(random);
  for (int i = 0; i < 10; ++i) {
    const auto turn = make.next(model);
    ASSERT_TRUE(journal->append(turn, true).ok());
    model.apply(turn);
    kind.crash(random);
    journal = kind.open().value();
    EXPECT_EQ(model.difference(*journal), "");
  }
}

TEST_F(JournalOpeningTest, OpeningManyTimesTakesNoMoreRoom) {
  kind.options.segments = 3;
  for (int i = 0; i < 40; ++i) {
    EXPECT_EQ(script.states.back().difference(*kind.open().value()), "");
    kind.kill();
  }
  EXPECT_LE(kind.disk.list().value().size(), 13u);
}

// A sync fails, yet the process that comes next sees what was written: it must make it durable before it says so.
TEST_F(JournalOpeningTest, WhatItHasSeenIsThereAfterTheNextLossOfPower) {
  for (int i = 0; i < 20; ++i) {
    FileKind fresh;
    fresh.options = kind.options;
    Journal* journal = fresh.open().value();
    for (int turn = 0; turn < 5; ++turn) {
      ASSERT_TRUE(journal->append(script.turn[static_cast<size_t>(turn)], true).ok());
    }
    fresh.disk.fail_at(fresh.disk.operations() + 1, DiskFault::kError);
    const auto failed = journal->append(script.turn[5], true);
    ASSERT_FALSE(failed.ok());
    EXPECT_FALSE(journal->append(script.turn[6], true).ok()) << "never tried again";
    fresh.kill();
    const std::string seen = script.states[6].difference(*fresh.open().value());
    EXPECT_EQ(seen, "");
    fresh.crash(random);
    EXPECT_EQ(script.states[6].difference(*fresh.open().value()), "");
  }
}

TEST_F(JournalOpeningTest, SurvivesALossOfPowerAtEveryPointOfTheOpening) {
  for (int torn = 0; torn < 2; ++torn) {
    for (uint64_t cut = 0; cut < 12; ++cut) {
      for (uint64_t seed = 0; seed < 8; ++seed) {
        FileKind fresh;
        fresh.options = kind.options;
        write(fresh);
        if (torn) fresh.disk.flip_bit(frames.back().file, random_bit(frames.back()));
        fresh.cut_power_at(fresh.operations() + cut);
        (void)fresh.open();
        SeededRandom chance(seed);
        fresh.crash(chance);
        const auto opened = fresh.open();
        ASSERT_TRUE(opened.ok()) << "cut " << cut << " seed " << seed << ": " << opened.error().what;
        EXPECT_EQ(script.states[static_cast<size_t>(kTurns - torn)].difference(**opened), "");
      }
    }
  }
}

}  // namespace
}  // namespace stoa
