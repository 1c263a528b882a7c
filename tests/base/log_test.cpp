#include "base/log.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

std::string last;

void remember(LogLevel level, std::string_view what, LogFields fields) { last = log_text(level, what, fields); }

class Log : public testing::Test {
 protected:
  Log() {
    last.clear();
    set_log_sink(remember);
  }
  ~Log() override {
    set_log_sink(nullptr);
    set_log_level(LogLevel::kInfo);
  }
};

TEST_F(Log, ALineHasASentenceAndFields) {
  const std::string text = "x";
  log_info("shard leads", {{"shard", 3}, {"name", "n 1"}, {"text", text}, {"ok", true}, {"term", uint64_t{7}}});
  EXPECT_EQ(last, "info shard leads shard=3 name=\"n 1\" text=x ok=true term=7");
}

TEST_F(Log, WhatIsBelowTheLevelIsDropped) {
  log_debug("quiet");
  EXPECT_EQ(last, "");
  set_log_level(LogLevel::kDebug);
  log_debug("loud");
  EXPECT_EQ(last, "debug loud");
}

TEST_F(Log, NothingFromOutsideReachesATerminalRaw) {
  log_warn("refused", {{"path", "/a\x1b[31m\n\"b"}});
  EXPECT_EQ(last, "warn refused path=\"/a?[31m?\\\"b\"");
}

}  // namespace
}  // namespace stoa
