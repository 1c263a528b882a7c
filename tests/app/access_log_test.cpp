#include "app/access_log.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>

#include "app/logging.hpp"

namespace stoa {
namespace {

// Logging begins with each test and ends with written().
class AccessLogs : public testing::Test {
 protected:
  AccessLogs() {
    testing::internal::CaptureStderr();
    start_logging(LogLevel::kInfo, LogFormat::kJson);
  }

  static AccessEntry entry(int status, std::string_view request, int64_t at_ns = 0) {
    AccessEntry out;
    out.method = "GET";
    out.route = "/v1/products/{id}";
    out.status = status;
    out.request_id = request;
    out.at_ns = at_ns;
    return out;
  }
  std::vector<nlohmann::json> written() {
    stop_logging();
    std::istringstream text(testing::internal::GetCapturedStderr());
    std::vector<nlohmann::json> lines;
    for (std::string line; std::getline(text, line);) lines.push_back(nlohmann::json::parse(line));
    return lines;
  }

  AccessLog log_;
};

TEST_F(AccessLogs, WritesALineForEachRequestOnceItIsFlushed) {
  log_.access(entry(200, "first \"one\""));
  log_.access(entry(503, "second"));
  log_.flush();
  log_.flush();
  const auto lines = written();
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0]["msg"], "request");
  EXPECT_EQ(lines[0]["level"], "info");
  EXPECT_EQ(lines[0]["route"], "/v1/products/{id}");
  EXPECT_EQ(lines[0]["request_id"], "first \"one\"");
  EXPECT_EQ(lines[1]["level"], "warn");
  EXPECT_EQ(lines[1]["status"], 503);
}

TEST_F(AccessLogs, DoesNotWaitForAFlushWhenThereAreMany) {
  for (int i = 0; i < 500; ++i) log_.access(entry(200, "r"));
  EXPECT_GT(written().size(), 100u);
}

TEST_F(AccessLogs, LeavesSuccessesOutAboveAThousandASecondAndSaysHowMany) {
  for (int i = 0; i < 1010; ++i) log_.access(entry(200, "r", 1));
  log_.access(entry(500, "fault", 2));
  log_.access(entry(200, "next", 1'000'000'001));
  log_.flush();
  const auto lines = written();
  ASSERT_EQ(lines.size(), 1003u);
  size_t left_out = 0, faults = 0;
  for (const auto& line : lines) {
    if (line["msg"] == "access log sampled") left_out += line["left_out"].get<size_t>();
    faults += line.value("request_id", "") == "fault" ? 1 : 0;
  }
  EXPECT_EQ(left_out, 10u);
  EXPECT_EQ(faults, 1u);
}

}  // namespace
}  // namespace stoa
