#include "actors/runtime/bundler.hpp"

#include <algorithm>
#include <gtest/gtest.h>

#include "actors/runtime/bundle.hpp"
#include "tests/actors/runtime/node_of_one.hpp"

namespace stoa {
namespace {

class BundlerTest : public testing::Test {
 protected:
  Call by_service(const std::string& trace_id = {}) {
    Call call;
    call.caller.role = UserRole::kService;
    call.deadline = after(disk.clock.now(), 10'000);
    call.trace_id = trace_id;
    return call;
  }
  // What it is answered goes to replies[at].
  void ask(Slot slot, Add command) {
    const size_t at = replies.size();
    replies.emplace_back();
    bundler.ask(counter::kNumber, slot, by_service("trace " + std::to_string(at)), AnyCommand::of(std::move(command)),
                [this, at](Reply reply) { replies[at] = std::move(reply); });
  }
  void ask_encoded(Slot slot, const Add& command) {
    const size_t at = replies.size();
    replies.emplace_back();
    bundler.ask_encoded(counter::kNumber, slot, by_service("trace " + std::to_string(at)), std::string(Add::kName),
                        encode(command), [this, at](Reply reply) { replies[at] = std::move(reply); });
  }
  void run() {
    node.run_until([this] { return std::all_of(replies.begin(), replies.end(), [](const auto& r) { return !!r; }); });
  }
  // What the shard's actor was told so far, by name.
  size_t told(int shard, std::string_view message) {
    size_t times = 0;
    node.probes().each([&](const Probe& probe) {
      if (probe.shard != shard) return;
      for (const auto& last : probe.last) times += last.load() != nullptr && last.load() == message ? 1 : 0;
    });
    return times;
  }

  MemoryDisk1 disk;
  NodeOfOne node{disk};
  Bundler bundler{node.host().router()};
  std::vector<std::optional<Reply>> replies;
};

TEST_F(BundlerTest, SendsWhatIsAskedOfOneShardAsOneAndAnswersEach) {
  ask(0, {"a", 5});
  ask_encoded(0, {"a", 2});
  ask(2, {"a", 1001});  // another slot of the same shard
  ask(1, {"b", 1});
  EXPECT_TRUE(bundler.flush());
  EXPECT_FALSE(bundler.flush());
  run();
  EXPECT_EQ(replies[0]->answer.body, R"({"name":"a","value":5})");
  EXPECT_EQ(replies[1]->answer.body, R"({"name":"a","value":7})");
  EXPECT_EQ(replies[2]->answer.code, "out_of_stock");
  EXPECT_EQ(replies[3]->answer.body, R"({"name":"b","value":1})");
  for (size_t i = 0; i < replies.size(); ++i) EXPECT_EQ(replies[i]->answer.trace_id, "trace " + std::to_string(i));
  EXPECT_EQ(told(0, "Bundle"), 1u);
  EXPECT_EQ(told(0, "Add"), 0u);
  EXPECT_EQ(told(1, "Bundle"), 0u);
  EXPECT_EQ(told(1, "Add"), 1u) << "one alone goes as it is";
}

TEST_F(BundlerTest, SendsABundleThatIsFullWithoutBeingTold) {
  for (size_t i = 0; i < Bundler::kMost; ++i) ask(0, {"a", 1});
  EXPECT_FALSE(bundler.flush());
  run();
  EXPECT_EQ(told(0, "Bundle"), 1u);
  EXPECT_EQ(node.call(0, Show{"a"})->body, R"({"name":"a","value":128})");
}

TEST_F(BundlerTest, TellsAllWhenNobodyAnswersTheBundle) {
  node.host().stop();
  ask(0, {"a", 1});
  ask(0, {"a", 2});
  bundler.flush();
  run();
  for (const auto& reply : replies) EXPECT_EQ(reply->answer.code, kUnavailable.code);
}

}  // namespace
}  // namespace stoa
