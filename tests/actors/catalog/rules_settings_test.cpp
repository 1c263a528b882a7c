#include <gtest/gtest.h>

#include "actors/catalog/records.hpp"
#include "actors/catalog/rules.hpp"
#include "tests/actors/rules_fixture.hpp"

namespace stoa::catalog {
namespace {

class CatalogSettings : public testing::Test, public RulesFixture {
 protected:
  SettingsView set(const std::string& key, const std::optional<std::string>& value) {
    const Outcome outcome = run(set_settings, SetSettings{{{key, value}}, std::nullopt, "ada"});
    EXPECT_FALSE(outcome.is_refused()) << outcome.answer.detail;
    return decode_stored<SettingsView>(outcome.answer.body);
  }
  SettingsView roll_back(uint64_t version) {
    const Outcome outcome = run(roll_back_settings, RollbackSettings{version, std::nullopt, "ada"});
    EXPECT_FALSE(outcome.is_refused()) << outcome.answer.detail;
    return decode_stored<SettingsView>(outcome.answer.body);
  }
};

TEST_F(CatalogSettings, EachChangeMakesAVersion) {
  EXPECT_EQ(set("log.level", "debug").version, 1u);
  EXPECT_EQ(set("log.level", "warn").version, 2u);
  EXPECT_EQ(set("log.level", "warn").version, 2u);
  EXPECT_EQ(settings_view(reader()).values.at("log.level"), "warn");
}

TEST_F(CatalogSettings, AValueThatIsTakenBackIsSetNoLonger) {
  set("log.level", "debug");
  EXPECT_EQ(set("log.level", std::nullopt).values.count("log.level"), 0u);
}

TEST_F(CatalogSettings, FaultsAreToldByPointerAndNothingOfTheCommandIsDone) {
  const Outcome outcome =
      run(set_settings,
          SetSettings{{{"log.level", "debug"}, {"limits.rate.user", "fast"}, {"colour", "red"}}, std::nullopt, "ada"});
  ASSERT_EQ(outcome.answer.errors.size(), 2u);
  EXPECT_EQ(outcome.answer.errors[0].pointer, "/limits/rate/user");
  EXPECT_EQ(outcome.answer.errors[1].pointer, "/colour");
  EXPECT_EQ(outcome.answer.errors[1].code, "unknown_field");
  EXPECT_EQ(settings_view(reader()).version, 0u);
}

TEST_F(CatalogSettings, AnOldVersionIsStale) {
  set("log.level", "debug");
  EXPECT_EQ(run(set_settings, SetSettings{{{"log.level", "warn"}}, 0, ""}).answer.code, kStaleVersion.code);
  EXPECT_EQ(run(roll_back_settings, RollbackSettings{0, 0, ""}).answer.code, kStaleVersion.code);
  EXPECT_FALSE(run(set_settings, SetSettings{{{"log.level", "warn"}}, 1, ""}).is_refused());
}

TEST_F(CatalogSettings, ARollbackMakesAllAsItWasAndIsAVersionItself) {
  set("log.level", "debug");
  set("limits.max_in_flight", "10");
  set("log.level", "warn");
  EXPECT_EQ(roll_back(1).values, (std::map<std::string, std::string>{{"log.level", "debug"}}));
  EXPECT_EQ(settings_view(reader()).version, 4u);
  EXPECT_EQ(roll_back(3).values,
            (std::map<std::string, std::string>{{"log.level", "warn"}, {"limits.max_in_flight", "10"}}));
  EXPECT_TRUE(roll_back(0).values.empty());
}

TEST_F(CatalogSettings, AVersionThatNeverWasIsNotFound) {
  EXPECT_EQ(run(roll_back_settings, RollbackSettings{1, std::nullopt, ""}).answer.code, kNotFound.code);
}

TEST_F(CatalogSettings, TheHistorySaysWhoChangedWhatFromWhatToWhat) {
  now = Time{1000};
  set("log.level", "debug");
  set("limits.max_in_flight", "10");
  roll_back(1);
  const auto made = all<SettingsVersionRecord>();
  ASSERT_EQ(made.size(), 3u);
  EXPECT_EQ(made[0].made.by, "ada");
  EXPECT_EQ(made[0].made.at, Time{1000});
  EXPECT_EQ(made[0].made.changes.at(0).from, std::nullopt);
  EXPECT_EQ(made[0].made.changes.at(0).to, "debug");
  EXPECT_EQ(made[2].made.rolled_back_to, 1u);
  EXPECT_EQ(made[2].made.changes.at(0).from, "10");
  const std::string json = ask(list_settings_history, ListSettingsHistory{"log.level"}).answer.body;
  EXPECT_EQ(json.find("max_in_flight"), std::string::npos);
  EXPECT_NE(json.find("\"debug\""), std::string::npos);
  EXPECT_EQ(all<AuditRecord>().size(), 3u);
}

TEST_F(CatalogSettings, WhoHasTheNewestVersionIsToldSo) {
  set("log.level", "debug");
  EXPECT_TRUE(decode_stored<SettingsView>(ask(read_settings, ReadSettings{1}).answer.body).unchanged);
  EXPECT_EQ(decode_stored<SettingsView>(ask(read_settings, ReadSettings{0}).answer.body).values.size(), 1u);
}

}  // namespace
}  // namespace stoa::catalog
