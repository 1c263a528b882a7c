#include "app/logging.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>

namespace stoa {
namespace {

TEST(Logging, AJsonLineIsValidWhateverItHolds) {
  const std::string bad = "a\n\"\xff\x01";
  const std::string line = log_json("2026-01-31T23:59:59.123Z", LogLevel::kWarn, bad,
                                    {{"trace_id", "4bf9"}, {"shard", 3}, {"ok", false}, {"text", bad}});
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto parsed = nlohmann::json::parse(line);
  EXPECT_EQ(parsed["time"], "2026-01-31T23:59:59.123Z");
  EXPECT_EQ(parsed["level"], "warn");
  EXPECT_EQ(parsed["trace_id"], "4bf9");
  EXPECT_EQ(parsed["shard"], 3);
  EXPECT_EQ(parsed["ok"], false);
}

TEST(Logging, EveryLineThatWasLoggedIsWrittenBeforeItStops) {
  testing::internal::CaptureStderr();
  start_logging(LogLevel::kInfo, LogFormat::kJson);
  log_debug("dropped");
  for (int i = 0; i < 100; ++i) log_info("counted", {{"i", i}});
  stop_logging();
  std::istringstream lines(testing::internal::GetCapturedStderr());
  std::string line;
  int next = 0;
  while (std::getline(lines, line)) EXPECT_EQ(nlohmann::json::parse(line)["i"], next++);
  EXPECT_EQ(next, 100);
}

TEST(Logging, LevelsAreReadByName) {
  EXPECT_EQ(log_level("debug"), LogLevel::kDebug);
  EXPECT_EQ(log_level("error"), LogLevel::kError);
  EXPECT_EQ(log_level("loud"), LogLevel::kInfo);
}

}  // namespace
}  // namespace stoa
