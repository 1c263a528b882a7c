#include "storage/transaction.hpp"

#include <gtest/gtest.h>

#include "storage/memory_view.hpp"
#include "storage/write_set_encoding.hpp"

namespace stoa {
namespace {

struct Row {
  static constexpr Table kTable = 5;
  uint64_t id = 0;
  std::string text;
  uint64_t key() const { return id; }
};
template <class V>
void fields(V& v, Row& x) {
  v(1, "id", x.id);
  v(2, "text", x.text);
}

struct Ring {
  static constexpr std::string_view kName = "Ring";
  std::string text;
};
template <class V>
void fields(V& v, Ring& x) {
  v(1, "text", x.text);
}

class TransactionTest : public ::testing::Test {
 protected:
  TransactionTest() {
    Transaction before(base_, 3, Time{1}, random_);
    for (uint64_t id : {1, 2, 3}) before.put(Row{id, "base"});
    base_.apply(before.writes());
  }

  std::string text(const Reader& reader, uint64_t id) const {
    const auto row = reader.find<Row>(id);
    return row ? row->text : "-";
  }
  std::string rows(const Reader& reader, bool backwards = false) const {
    std::string out;
    reader.scan<Row>(std::tuple<>(), backwards, [&](const Row& row) {
      out += std::to_string(row.id) + row.text + " ";
      return true;
    });
    return out;
  }

  MemoryView base_;
  SeededRandom random_{1};
  Transaction tx_{base_, 3, Time{1000}, random_};
};

TEST_F(TransactionTest, ReadsWhatItWrote) {
  tx_.put(Row{2, "new"});
  tx_.put(Row{4, "new"});
  tx_.erase<Row>(uint64_t{1});
  EXPECT_EQ(text(tx_, 1), "-");
  EXPECT_EQ(text(tx_, 2), "new");
  EXPECT_EQ(rows(tx_), "2new 3base 4new ");
  EXPECT_EQ(rows(tx_, true), "4new 3base 2new ");
  EXPECT_EQ(rows(Reader(base_, 3, Time{1000})), "1base 2base 3base ");
}

TEST_F(TransactionTest, RollsBackTheWritesSinceTheSavepoint) {
  tx_.put(Row{1, "kept"});
  tx_.erase<Row>(uint64_t{2});
  tx_.put(Row{4, "kept"});
  const std::string before = encode_write_set(tx_.writes());
  tx_.savepoint();
  tx_.put(Row{1, "lost"});
  tx_.put(Row{1, "lost twice"});
  tx_.put(Row{2, "lost"});
  tx_.erase<Row>(uint64_t{2});
  tx_.erase<Row>(uint64_t{3});
  tx_.erase<Row>(uint64_t{4});
  tx_.put(Row{4, "lost"});
  tx_.put(Row{5, "lost"});
  tx_.erase<Row>(uint64_t{5});
  tx_.roll_back();
  EXPECT_EQ(encode_write_set(tx_.writes()), before);
  EXPECT_EQ(rows(tx_), "1kept 3base 4kept ");
}

TEST_F(TransactionTest, RollsBackEveryEffectSinceTheSavepoint) {
  const auto act = [&](const std::string& what) {
    tx_.send(2, 9, Ring{what});
    tx_.emit(9, Ring{what});
    tx_.set_timer(Time{5000}, what, Ring{what});
    tx_.cancel_timer<Ring>(what);
    tx_.answer(Uuid{1, 2}, Outcome::done(Done::kOk, what));
  };
  act("kept");
  tx_.savepoint();
  act("lost");
  act("lost too");
  tx_.roll_back();
  ASSERT_EQ(tx_.outgoing().size(), 1u);
  EXPECT_EQ(tx_.outgoing()[0].payload, encode(Ring{"kept"}));
  ASSERT_EQ(tx_.facts().size(), 1u);
  EXPECT_EQ(tx_.facts()[0].payload, encode(Ring{"kept"}));
  ASSERT_EQ(tx_.timers().size(), 2u);
  EXPECT_EQ(tx_.timers()[0].key, "kept");
  EXPECT_EQ(tx_.timers()[0].due, Time{5000});
  EXPECT_EQ(tx_.timers()[1].due, Time{0});
  ASSERT_EQ(tx_.answers().size(), 1u);
  EXPECT_EQ(tx_.answers()[0].answer.body, "kept");
}

TEST_F(TransactionTest, OneCommandsRefusalLeavesTheOthersAlone) {
  for (uint64_t command = 0; command < 6; ++command) {
    tx_.savepoint();
    tx_.put(Row{1, std::to_string(command)});
    tx_.put(Row{10 + command, "row"});
    tx_.send(2, 9, Ring{std::to_string(command)});
    if (command % 2 == 1) tx_.roll_back();
  }
  EXPECT_EQ(rows(tx_), "14 2base 3base 10row 12row 14row ");
  EXPECT_EQ(tx_.outgoing().size(), 3u);
}

TEST_F(TransactionTest, RollsBackTwiceToTheSamePoint) {
  tx_.savepoint();
  tx_.put(Row{1, "lost"});
  tx_.roll_back();
  tx_.put(Row{2, "lost"});
  tx_.send(2, 9, Ring{"lost"});
  tx_.roll_back();
  EXPECT_TRUE(tx_.writes().empty());
  EXPECT_TRUE(tx_.outgoing().empty());
}

TEST_F(TransactionTest, RollsBackWhatFollowedEffectsThatWereTaken) {
  tx_.send(2, 9, Ring{"taken"});
  tx_.emit(9, Ring{"taken"});
  tx_.savepoint();
  tx_.outgoing().clear();
  tx_.facts().clear();
  tx_.roll_back();
  EXPECT_TRUE(tx_.outgoing().empty());
  EXPECT_TRUE(tx_.facts().empty());
}

TEST_F(TransactionTest, ScansBesideAStart) {
  std::string up, down;
  tx_.put(Row{7, ""});
  tx_.scan_after<Row>(std::tuple<>(), uint64_t{2}, false,
                      [&](const Row& r) { return up += std::to_string(r.id), true; });
  tx_.scan_after<Row>(std::tuple<>(), uint64_t{3}, true,
                      [&](const Row& r) { return down += std::to_string(r.id), true; });
  EXPECT_EQ(up, "37");
  EXPECT_EQ(down, "21");
}

TEST_F(TransactionTest, MintsIdsOfItsTimeAndSlot) {
  const auto id = tx_.mint<OrderId>(77);
  EXPECT_EQ(id.slot(), 77);
  EXPECT_EQ(id.uuid.time(), Time{1000});
}

TEST_F(TransactionTest, RandomCommandsLeaveWhatTheAcceptedOnesAloneWouldLeave) {
  SeededRandom random(9);
  for (int round = 0; round < 300; ++round) {
    Transaction both(base_, 3, Time{1}, random_), accepted(base_, 3, Time{1}, random_);
    for (int command = 0; command < 12; ++command) {
      const bool refused = random.below(2) == 0;
      both.savepoint();
      for (uint64_t n = random.below(6); n > 0; --n) {
        const uint64_t id = random.below(6);
        const auto act = [&](Transaction& tx, uint64_t kind) {
          if (kind == 0) return tx.erase<Row>(id);
          if (kind == 1) return tx.send(1, 0, Ring{std::to_string(id)});
          tx.put(Row{id, std::to_string(command)});
        };
        const uint64_t kind = random.below(4);
        act(both, kind);
        if (!refused) act(accepted, kind);
      }
      if (refused) both.roll_back();
    }
    ASSERT_EQ(encode_write_set(both.writes()), encode_write_set(accepted.writes())) << "round " << round;
    ASSERT_EQ(both.outgoing().size(), accepted.outgoing().size());
    for (size_t i = 0; i < both.outgoing().size(); ++i) {
      ASSERT_EQ(both.outgoing()[i].payload, accepted.outgoing()[i].payload);
    }
  }
}

}  // namespace
}  // namespace stoa
