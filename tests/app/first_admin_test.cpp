#include "app/first_admin.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

#include "actors/user/types.hpp"

namespace stoa {
namespace {

class FirstAdminTest : public testing::Test {
 protected:
  FirstAdminTest() : file_(testing::TempDir() + "stoa_first_admin_" + std::to_string(getpid())) {}
  ~FirstAdminTest() override { std::filesystem::remove(file_); }

  FirstAdminResult read(const std::string& password) {
    std::ofstream(file_) << password;
    return read_first_admin({{"STOA_ADMIN_EMAIL", "root@shop.example"}, {"STOA_ADMIN_PASSWORD_FILE", file_}});
  }
  std::string password_of(const FirstAdminResult& result) {
    const auto* admin = std::get_if<std::optional<FirstAdmin>>(&result);
    return admin && *admin ? std::string((*admin)->password.reveal()) : "none";
  }
  static std::string fault_of(const FirstAdminResult& result) {
    const auto* fault = std::get_if<ConfigFault>(&result);
    return fault ? fault->pointer : "none";
  }

  std::string file_;
};

// Keeps the one command it is called with, and answers what it is told to.
class OneAnswer final : public Router {
 public:
  explicit OneAnswer(Answer answer) : answer_(std::move(answer)) {}
  void call(uint16_t service, Slot, Call call, AnyCommand, Reply reply) override {
    service_ = service;
    role_ = call.caller.role;
    reply(answer_, false);
  }
  void call_all(uint16_t, Call, AnyCommand, Replies) override {}

  Answer answer_;
  uint16_t service_ = 0;
  UserRole role_ = UserRole::kAnonymous;
};

std::string seeded(OneAnswer& router, const std::string& hash) {
  SystemClock clock;
  SystemRandom random;
  FirstAdminSeed seed({"root@shop.example", Secret("correct-horse-battery")}, router, clock, random,
                      [&](const std::string&, std::function<void(std::string)> done) { done(hash); });
  std::string fault = "never done";
  seed.start([&](const std::string& what) { fault = what; });
  return fault;
}

TEST_F(FirstAdminTest, NobodyIsAskedForWithoutTheVariables) {
  EXPECT_EQ(password_of(read_first_admin({})), "none");
  EXPECT_EQ(fault_of(read_first_admin({})), "none");
}

TEST_F(FirstAdminTest, OneTrailingNewlineIsNoPartOfThePassword) {
  EXPECT_EQ(password_of(read("twelve chars")), "twelve chars");
  EXPECT_EQ(password_of(read("twelve chars\n")), "twelve chars");
  EXPECT_EQ(password_of(read("twelve chars\n\n")), "twelve chars\n");
}

TEST_F(FirstAdminTest, AFaultNamesItsVariable) {
  EXPECT_EQ(fault_of(read_first_admin({{"STOA_ADMIN_EMAIL", "a@b.example"}})), "STOA_ADMIN_PASSWORD_FILE");
  EXPECT_EQ(fault_of(read_first_admin({{"STOA_ADMIN_PASSWORD_FILE", file_}})), "STOA_ADMIN_EMAIL");
  EXPECT_EQ(fault_of(read_first_admin({{"STOA_ADMIN_EMAIL", "nobody"}, {"STOA_ADMIN_PASSWORD_FILE", file_}})),
            "STOA_ADMIN_EMAIL");
  EXPECT_EQ(
      fault_of(read_first_admin({{"STOA_ADMIN_EMAIL", "a@b.example"}, {"STOA_ADMIN_PASSWORD_FILE", file_ + ".not"}})),
      "STOA_ADMIN_PASSWORD_FILE");
  EXPECT_EQ(fault_of(read_first_admin(
                {{"STOA_ADMIN_EMAIL", "a@b.example"}, {"STOA_ADMIN_PASSWORD_FILE", testing::TempDir()}})),
            "STOA_ADMIN_PASSWORD_FILE");
  EXPECT_EQ(fault_of(read("")), "STOA_ADMIN_PASSWORD_FILE");
  EXPECT_EQ(fault_of(read("too short\n")), "STOA_ADMIN_PASSWORD_FILE");
  EXPECT_EQ(fault_of(read(std::string(257, 'x'))), "STOA_ADMIN_PASSWORD_FILE");
}

TEST_F(FirstAdminTest, IsMadeByTheProgramItself) {
  Answer made;
  made.body = R"({"role": "admin"})";
  OneAnswer router(made);
  EXPECT_EQ(seeded(router, "hash"), "");
  EXPECT_EQ(router.role_, UserRole::kService);
}

TEST_F(FirstAdminTest, WhatFailsIsSaid) {
  Answer refused;
  refused.code = "unavailable";
  OneAnswer router(refused);
  EXPECT_EQ(seeded(router, "hash").rfind("the first administrator: unavailable", 0), 0U);
  EXPECT_NE(seeded(router, ""), "");
}

}  // namespace
}  // namespace stoa
