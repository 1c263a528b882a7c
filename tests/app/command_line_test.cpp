#include "app/command_line.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace stoa {
namespace {

struct Ran {
  int exit_code;
  std::string out;
  std::string err;
};

Ran run(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "stoa");
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const int exit_code = run_command_line(static_cast<int>(arguments.size()), arguments.data());
  return {exit_code, testing::internal::GetCapturedStdout(), testing::internal::GetCapturedStderr()};
}

bool is_one_line(const std::string& text) { return !text.empty() && text.find('\n') == text.size() - 1; }

TEST(CommandLine, HelpIsThereOnEveryLevel) {
  for (const std::vector<const char*>& line : {std::vector<const char*>{"--help"}, {"load", "--help"}}) {
    const Ran ran = run(line);
    EXPECT_EQ(ran.exit_code, kExitSuccess);
    EXPECT_NE(ran.out.find("Usage: stoa"), std::string::npos) << ran.out;
    EXPECT_EQ(ran.err, "");
  }
}

TEST(CommandLine, AWrongLineIsOneLineOnStderr) {
  for (const std::vector<const char*>& line :
       {std::vector<const char*>{}, {"lode"}, {"load"}, {"load", "a.lua", "--rat", "7"}, {"load", "a.lua", "b.lua"}}) {
    const Ran ran = run(line);
    EXPECT_EQ(ran.exit_code, kExitUsage);
    EXPECT_TRUE(is_one_line(ran.err)) << ran.err;
    EXPECT_NE(ran.err.find("--help"), std::string::npos) << ran.err;
    EXPECT_EQ(ran.out, "");
  }
}

TEST(CommandLine, AnUnknownCommandIsNamed) { EXPECT_NE(run({"lode"}).err.find("lode"), std::string::npos); }

TEST(CommandLine, AMissingScenarioIsWrongUsage) {
  const Ran ran = run({"load", "/no/such/file.lua"});
  EXPECT_EQ(ran.exit_code, kExitUsage);
  EXPECT_NE(ran.err.find("/no/such/file.lua"), std::string::npos) << ran.err;
}

TEST(CommandLine, TheVersionNamesTheSources) {
  const Ran ran = run({"--version"});
  EXPECT_EQ(ran.exit_code, kExitSuccess);
  EXPECT_EQ(ran.out.rfind("stoa ", 0), 0U) << ran.out;
}

}  // namespace
}  // namespace stoa
