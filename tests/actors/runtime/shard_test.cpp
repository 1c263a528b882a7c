#include "actors/runtime/shard.hpp"

#include <gtest/gtest.h>

#include "tests/actors/runtime/node_of_one.hpp"

namespace stoa {
namespace {

Call keyed(const std::string& key, const std::string& body, Random& random, Time now) {
  Call call;
  call.request = RequestId::mint(now, 0, random);
  call.idempotency_scope = key;
  call.body_hash = body;
  return call;
}

std::string value(const std::string& name, int64_t v) {
  return R"({"name":")" + name + R"(","value":)" + std::to_string(v) + "}";
}

TEST(Shard, AnswersWithWhatItCommitted) {
  MemoryDisk1 disk;
  NodeOfOne node(disk);
  EXPECT_EQ(node.call(0, Add{"a", 5})->body, value("a", 5));
  EXPECT_EQ(node.call(0, Add{"a", 2})->body, value("a", 7));
  EXPECT_EQ(node.call(0, Show{"a"})->body, value("a", 7));
  EXPECT_EQ(node.call(1, Show{"a"})->code, "not_found");
}

TEST(Shard, LeavesNothingOfARefusal) {
  MemoryDisk1 disk;
  NodeOfOne node(disk);
  EXPECT_EQ(node.call(0, Add{"a", 1001})->code, "out_of_stock");
  EXPECT_EQ(node.call(0, Show{"a"})->code, "not_found");
}

TEST(Shard, EvaluatesWhatIsBundledEachForItself) {
  MemoryDisk1 disk;
  NodeOfOne node(disk);
  const auto one = [](auto command, const char* trace_id) {
    return BundledCommand{std::string(command.kName), encode(command), trace_id};
  };
  Bundle bundle;
  bundle.commands = {one(Add{"a", 5}, "1"),
                     one(Add{"a", 1001}, "2"),
                     one(Add{"a", 2}, "3"),
                     one(Show{"a"}, "4"),
                     {"Unheard", "", "5"},
                     {"Add", "\xff", "6"},
                     one(Move{Uuid{1, 1}, "a", "b", 1}, "7")};
  Call call;
  call.caller.role = UserRole::kService;
  const auto answers = decode<BundleAnswers>(node.call(0, bundle, call)->body);
  ASSERT_TRUE(answers && answers->answers.size() == bundle.commands.size());
  EXPECT_EQ(answers->answers[0].body, value("a", 5));
  EXPECT_EQ(answers->answers[0].trace_id, "1");
  EXPECT_EQ(answers->answers[1].code, "out_of_stock");
  EXPECT_EQ(answers->answers[2].body, value("a", 7)) << "the refusal before it left nothing";
  for (size_t i = 3; i < 7; ++i) EXPECT_EQ(answers->answers[i].code, kUnavailable.code) << "only rules may be bundled";
  EXPECT_EQ(node.call(0, Show{"a"})->body, value("a", 7));
  EXPECT_TRUE(decode<BundleAnswers>(node.call(0, Bundle{}, call)->body)->answers.empty());
}

TEST(Shard, GivesOneEffectAndOneAnswerPerKey) {
  MemoryDisk1 disk;
  NodeOfOne node(disk);
  const Answer first = *node.call(0, Add{"a", 5}, keyed("k", "h", node.random(), disk.clock.now()));
  bool replayed = false;
  std::optional<Answer> again;
  node.begin(0, Add{"a", 5}, keyed("k", "h", node.random(), disk.clock.now()), [&](Answer a, bool r) {
    again = std::move(a);
    replayed = r;
  });
  node.run_until([&] { return again.has_value(); });
  EXPECT_TRUE(replayed);
  EXPECT_EQ(encode(*again), encode(first));
  EXPECT_EQ(node.call(0, Add{"a", 6}, keyed("k", "other", node.random(), disk.clock.now()))->code,
            "idempotency_key_reused");
  EXPECT_EQ(node.call(0, Show{"a"})->body, value("a", 5));
}

TEST(Shard, RecordsARefusalThatIsForEver) {
  MemoryDisk1 disk;
  NodeOfOne node(disk);
  EXPECT_EQ(node.call(0, Add{"a", 1001}, keyed("k", "h", node.random(), disk.clock.now()))->code, "out_of_stock");
  node.call(0, Add{"a", 1});
  EXPECT_EQ(node.call(0, Add{"a", 1001}, keyed("k", "h", node.random(), disk.clock.now()))->code, "out_of_stock");
}

TEST(Shard, KeepsWhatItAnsweredThroughACrash) {
  MemoryDisk1 disk;
  SeededRandom random(5);
  std::string before;
  {
    NodeOfOne node(disk);
    before = encode(*node.call(0, Add{"a", 5}, keyed("k", "h", random, disk.clock.now())));
    node.kill();
    disk.crash(random);
  }
  NodeOfOne node(disk);
  EXPECT_EQ(node.call(0, Show{"a"})->body, value("a", 5));
  EXPECT_EQ(encode(*node.call(0, Add{"a", 5}, keyed("k", "h", random, disk.clock.now()))), before);
}

TEST(Shard, TakesNewRequestsWhenTheClockWasSetBack) {
  MemoryDisk1 disk;
  SeededRandom random(5);
  {
    NodeOfOne node(disk);
    node.call(0, Add{"a", 5}, keyed("k", "h", random, disk.clock.now()));
    disk.clock.advance_ms(-3'600'000);
    EXPECT_EQ(node.call(0, Add{"a", 1}, keyed("l", "h", random, disk.clock.now()))->body, value("a", 6));
    node.kill();
    disk.crash(random);
  }
  NodeOfOne node(disk);
  EXPECT_EQ(node.call(0, Add{"a", 1}, keyed("m", "h", random, disk.clock.now()))->body, value("a", 7));
}

TEST(Shard, FiresATimerOnceAndNotBeforeItIsDue) {
  MemoryDisk1 disk;
  NodeOfOne node(disk);
  node.call(0, AddLater{{"a", 3}, 5000});
  EXPECT_EQ(node.call(0, Show{"a"})->code, "not_found");
  node.run_until([&] { return node.call(0, Show{"a"})->code.empty(); });
  for (int i = 0; i < 100; ++i) {
    disk.clock.advance_ms(100);
    node.host().tick();
    node.step();
  }
  EXPECT_EQ(node.call(0, Show{"a"})->body, value("a", 3));
}

TEST(Shard, FiresATimerThatWasSetBeforeACrash) {
  MemoryDisk1 disk;
  SeededRandom random(5);
  {
    NodeOfOne node(disk);
    node.call(0, AddLater{{"a", 3}, 5000});
    node.kill();
    disk.crash(random);
  }
  NodeOfOne node(disk);
  node.run_until([&] { return node.call(0, Show{"a"})->code.empty(); });
}

TEST(Shard, AnswersACommandWhenItsSagaHasDecided) {
  MemoryDisk1 disk;
  NodeOfOne node(disk);
  const Slot from = slot_of("from"), to = slot_of("to");
  node.call(from, Add{"from", 10});
  const Move move{mint_uuid(disk.clock.now(), 0, node.random()), "from", "to", 4};
  const Answer answer = *node.call(0, move, keyed("k", "h", node.random(), disk.clock.now()));
  EXPECT_EQ(static_cast<Done>(answer.done), Done::kCreated);
  node.run_until([&] { return node.call(to, Show{"to"})->code.empty(); });
  EXPECT_EQ(node.call(to, Show{"to"})->body, value("to", 4));
  EXPECT_EQ(node.call(from, Show{"from"})->body, value("from", 6));
  EXPECT_EQ(encode(*node.call(0, move, keyed("k", "h", node.random(), disk.clock.now()))), encode(answer));
}

TEST(Shard, AnswersAtOnceWhoDoesNotWantToWait) {
  MemoryDisk1 disk;
  NodeOfOne node(disk);
  node.call(slot_of("from"), Add{"from", 10});
  const Move move{mint_uuid(disk.clock.now(), 0, node.random()), "from", "to", 4};
  Call call = keyed("k", "h", node.random(), disk.clock.now());
  call.wait_ms = 0;
  EXPECT_EQ(static_cast<Done>(node.call(0, move, call)->done), Done::kAccepted);
  node.run_until([&] { return node.call(slot_of("to"), Show{"to"})->code.empty(); });
  // Answered once, answered so for ever.
  EXPECT_EQ(static_cast<Done>(node.call(0, move, keyed("k", "h", node.random(), disk.clock.now()))->done),
            Done::kAccepted);
}

TEST(Shard, DropsWorkWhoseDeadlineHasPassed) {
  MemoryDisk1 disk;
  NodeOfOne node(disk);
  Call call;
  call.deadline = Time{1};
  EXPECT_EQ(node.call(0, Add{"a", 1}, call)->code, "unavailable");
  EXPECT_EQ(node.call(0, Show{"a"})->code, "not_found");
}

TEST(Shard, LetsARepeatOfARequestJoinAndSendsAnotherAway) {
  MemoryDisk1 disk;
  NodeOfOne node(disk);
  node.call(slot_of("from"), Add{"from", 10});
  const Move move{mint_uuid(disk.clock.now(), 0, node.random()), "from", "to", 4};
  const Call first = keyed("k", "h", node.random(), disk.clock.now());
  const Call other = keyed("k", "h", node.random(), disk.clock.now());
  std::vector<Answer> answers(3);
  size_t missing = 3;
  size_t at = 0;
  for (const Call& call : {first, first, other}) {
    node.begin(0, move, call, [&answers, &missing, i = at++](Answer a, bool) {
      answers[i] = std::move(a);
      --missing;
    });
  }
  node.run_until([&] { return missing == 0; });
  EXPECT_EQ(static_cast<Done>(answers[0].done), Done::kCreated);
  EXPECT_EQ(encode(answers[1]), encode(answers[0]));
  EXPECT_EQ(answers[2].code, "idempotency_in_flight");
  node.run_until([&] { return node.call(slot_of("to"), Show{"to"})->code.empty(); });
  EXPECT_EQ(node.call(slot_of("from"), Show{"from"})->body, value("from", 6));
}

TEST(Shard, SendsAwayWhatItsMailboxDoesNotHold) {
  MemoryDisk1 disk;
  NodeOfOne node(disk);
  constexpr size_t kCalls = 5000;
  size_t done = 0, overloaded = 0;
  for (size_t i = 0; i < kCalls; ++i) {
    node.begin(0, Add{"n" + std::to_string(i), 1}, {}, [&](Answer a, bool) {
      ++done;
      if (a.code == "overloaded") ++overloaded;
    });
  }
  node.run_until([&] { return done == kCalls; });
  EXPECT_GT(overloaded, 0u);
  EXPECT_LT(overloaded, kCalls / 2);
}

TEST(Shard, ClaimsAKeyForOneBody) {
  MemoryDisk1 disk;
  NodeOfOne node(disk);
  EXPECT_TRUE(node.call(0, ClaimKey{"scope", "body"})->code.empty());
  EXPECT_TRUE(node.call(0, ClaimKey{"scope", "body"})->code.empty());
  EXPECT_EQ(node.call(0, ClaimKey{"scope", "other"})->code, "idempotency_key_reused");
}

}  // namespace
}  // namespace stoa
