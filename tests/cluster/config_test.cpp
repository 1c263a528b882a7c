#include "cluster/config.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace stoa {
namespace {

using nlohmann::json;

json sound_file() {
  return json::parse(R"({"cluster": "demo", "nodes": [
    {"name": "n1", "host": "127.0.0.1", "cluster_port": 7101, "http_port": 8101, "admin_port": 9101, "data": "data/n1"},
    {"name": "n2", "host": "127.0.0.1", "cluster_port": 7102, "http_port": 8102, "admin_port": 9102, "data": "data/{name}"}
  ]})");
}

class ConfigTest : public testing::Test {
 protected:
  ConfigTest() : directory_(testing::TempDir() + "stoa_config_" + std::to_string(getpid())) {
    std::filesystem::create_directories(directory_);
  }
  ~ConfigTest() override { std::filesystem::remove_all(directory_); }

  void write(const std::string& name, const std::string& text) { std::ofstream(directory_ + "/" + name) << text; }

  ConfigResult read(const std::string& text, const std::map<std::string, std::string>& environment = {}) {
    return read_config({text, directory_, "n1", {{"user", 4}, {"order", 8}}, environment});
  }
  ConfigResult read(const json& file, const std::map<std::string, std::string>& environment = {}) {
    return read(file.dump(), environment);
  }
  // REQUIRES a sound file.
  Config sound(const json& file, const std::map<std::string, std::string>& environment = {}) {
    const ConfigResult result = read(file, environment);
    EXPECT_TRUE(std::holds_alternative<Config>(result)) << pointers(result);
    return std::get<Config>(result);
  }
  static std::string pointers(const ConfigResult& result) {
    std::string all;
    if (const auto* faults = std::get_if<std::vector<ConfigFault>>(&result)) {
      for (const ConfigFault& f : *faults) all += (all.empty() ? "" : " ") + f.pointer;
    }
    return all;
  }

  std::string directory_;
};

TEST_F(ConfigTest, FillsInWhatTheFileLeavesOut) {
  const Config config = sound(sound_file());
  EXPECT_EQ(config.replication, 2);
  EXPECT_EQ(config.shards, (std::map<std::string, uint16_t>{{"user", 4}, {"order", 8}}));
  EXPECT_EQ(config.limits.max_in_flight, 1024U);
  EXPECT_EQ(config.limits.address_per_s, 200U);
  EXPECT_EQ(config.limits.user_per_s, 100U);
  EXPECT_EQ(config.log.level, "info");
  EXPECT_EQ(config.nodes[0].services, (std::vector<std::string>{"order", "user"}));
  EXPECT_TRUE(config.nodes[0].gateway);
  EXPECT_EQ(config.nodes[0].admin_host, "127.0.0.1");
  EXPECT_TRUE(config.master_key_file.empty());
}

TEST_F(ConfigTest, PathsStartAtTheFileAndNamesStandForTheirNode) {
  const Config config = sound(sound_file());
  EXPECT_EQ(config.nodes[0].data, directory_ + "/data/n1");
  EXPECT_EQ(config.nodes[1].data, directory_ + "/data/n2");
}

TEST_F(ConfigTest, TheReadersOwnFilesMustBeThere) {
  json file = sound_file();
  file["tls"] = {{"ca", "ca.pem"}, {"cert", "{name}.pem"}, {"key", "{name}.key"}};
  EXPECT_EQ(pointers(read(file)), "/tls/ca /tls/cert /tls/key");
  for (const char* name : {"ca.pem", "n1.pem", "n1.key"}) write(name, "");
  EXPECT_EQ(sound(file).tls->key, directory_ + "/n1.key");
}

TEST_F(ConfigTest, AMasterKeyIsThirtyTwoBytesInBase64) {
  json file = sound_file();
  file["secrets"] = {{"master_key_file", "master.key"}};
  EXPECT_EQ(pointers(read(file)), "/secrets/master_key_file");
  write("master.key", "c2hvcnQ=\n");
  EXPECT_EQ(pointers(read(file)), "/secrets/master_key_file");
  write("master.key", std::string(43, 'A') + "=\n");
  EXPECT_EQ(sound(file).master_key_file, directory_ + "/master.key");
}

TEST_F(ConfigTest, RateLimitsCanBeTurnedOff) {
  json file = sound_file();
  file["limits"]["rate"] = "off";
  EXPECT_FALSE(sound(file).limits.address_per_s.has_value());
  file["limits"]["rate"] = {{"user", "7/s"}};
  EXPECT_EQ(sound(file).limits.user_per_s, 7U);
  EXPECT_EQ(sound(file).limits.address_per_s, 200U);
}

struct Faulty {
  const char* at;     // where the value is put
  const char* value;  // JSON; empty: what is there is taken away
  const char* pointer;
};

TEST_F(ConfigTest, TellsEveryFaultByItsPointer) {
  const Faulty table[] = {
      {"/cluster", "", "/cluster"},
      {"/cluster", "7", "/cluster"},
      {"/cluster", R"("")", "/cluster"},
      {"/cluster", R"("a/b")", "/cluster"},
      {"/colour", "1", "/colour"},
      {"/a~1b", "1", "/a~1b"},
      {"/nodes", "", "/nodes"},
      {"/nodes", "[]", "/nodes"},
      {"/nodes", "{}", "/nodes"},
      {"/nodes/1/name", "", "/nodes/1/name"},
      {"/nodes/1/name", R"("n1")", "/nodes/1/name /nodes/1/data"},
      {"/nodes/0/name", R"("n9")", "/nodes"},
      {"/nodes/1/host", R"("")", "/nodes/1/host"},
      {"/nodes/1/host", "", "/nodes/1/host"},
      {"/nodes/1/data", "", "/nodes/1/data"},
      {"/nodes/1/data", R"("data/n1")", "/nodes/1/data"},
      {"/nodes/1/http_port", "", "/nodes/1/http_port"},
      {"/nodes/1/http_port", "0", "/nodes/1/http_port"},
      {"/nodes/1/http_port", "65536", "/nodes/1/http_port"},
      {"/nodes/1/http_port", "-1", "/nodes/1/http_port"},
      {"/nodes/1/http_port", "18446744073709551615", "/nodes/1/http_port"},
      {"/nodes/1/http_port", "80.5", "/nodes/1/http_port"},
      {"/nodes/1/http_port", R"("80")", "/nodes/1/http_port"},
      {"/nodes/1/http_port", "8101", "/nodes/1/http_port"},
      {"/nodes/1/http_port", "7102", "/nodes/1/http_port"},
      {"/nodes/1/admin_port", "9101", "/nodes/1/admin_port"},
      {"/nodes/1/cluster_port", "7101", "/nodes/1/cluster_port"},
      {"/nodes/1/gateway", "1", "/nodes/1/gateway"},
      {"/nodes/1/colour", "1", "/nodes/1/colour"},
      {"/nodes/1/services", R"(["user", "toys"])", "/nodes/1/services/1"},
      {"/nodes/1/services", R"(["user", "user"])", "/nodes/1/services/1"},
      {"/nodes/1/services", R"([1])", "/nodes/1/services/0"},
      {"/replication", "3", "/replication"},
      {"/replication", "0", "/replication"},
      {"/replication", R"("2")", "/replication"},
      {"/shards", R"({"user": 0})", "/shards/user"},
      {"/shards", R"({"user": 4097})", "/shards/user"},
      {"/shards", R"({"toys": 1})", "/shards/toys"},
      {"/tls", R"({"ca": "ca.pem", "cert": "c.pem"})", "/tls/key"},
      {"/http_tls", R"({"cert": "c.pem"})", "/http_tls/key"},
      {"/secrets", R"({"master_key": "c2VjcmV0"})", "/secrets/master_key"},
      {"/limits", R"({"max_in_flight": 0})", "/limits/max_in_flight"},
      {"/limits", R"({"rate": "on"})", "/limits/rate"},
      {"/limits", R"({"rate": 7})", "/limits/rate"},
      {"/limits", R"({"rate": {"address": "fast"}})", "/limits/rate/address"},
      {"/limits", R"({"rate": {"address": "0/s"}})", "/limits/rate/address"},
      {"/limits", R"({"rate": {"user": "99999999999/s"}})", "/limits/rate/user"},
      {"/log", R"({"level": "loud"})", "/log/level"},
      {"/log", R"({"format": "xml"})", "/log/format"},
  };
  for (const Faulty& row : table) {
    json file = sound_file();
    const json::json_pointer at(row.at);
    if (std::string(row.value).empty()) {
      file[at.parent_pointer()].erase(at.back());
    } else {
      file[at] = json::parse(row.value);
    }
    EXPECT_EQ(pointers(read(file)), row.pointer) << row.at << " = " << row.value;
  }
}

TEST_F(ConfigTest, EveryServiceIsHostedSomewhere) {
  json file = sound_file();
  file["nodes"][0]["services"] = {"user"};
  file["nodes"][1]["services"] = json::array();
  EXPECT_EQ(pointers(read(file)), "/nodes");
}

TEST_F(ConfigTest, WhatIsNoJsonIsAFaultOfTheWholeFile) {
  for (const std::string text : {"", "{", "[1", "\xff", R"({"cluster": "a", "cluster": "b"})"}) {
    const ConfigResult result = read(text);
    ASSERT_TRUE(std::holds_alternative<std::vector<ConfigFault>>(result)) << text;
    EXPECT_EQ(std::get<1>(result).size(), 1U);
  }
  EXPECT_TRUE(std::holds_alternative<std::vector<ConfigFault>>(load_config(directory_ + "/none.json", {})));
  EXPECT_TRUE(std::holds_alternative<std::vector<ConfigFault>>(load_config(directory_, {})));
}

TEST_F(ConfigTest, AVariableOverridesOneValue) {
  const Config config = sound(sound_file(), {{"STOA_NODES__0__HTTP_PORT", "8999"},
                                             {"STOA_NODES__1__GATEWAY", "false"},
                                             {"STOA_CLUSTER", "7"},
                                             {"STOA_SHARDS__USER", "2"},
                                             {"STOA_LIMITS__RATE__USER", "9/s"},
                                             {"STOA_LOG__LEVEL", "debug"},
                                             {"STOA_ADMIN_EMAIL", "a@b.example"},
                                             {"STOA_ADMIN_PASSWORD_FILE", "/secret"}});
  EXPECT_EQ(config.nodes[0].http_port, 8999);
  EXPECT_FALSE(config.nodes[1].gateway);
  EXPECT_EQ(config.cluster, "7");
  EXPECT_EQ(config.shards.at("user"), 2);
  EXPECT_EQ(config.limits.user_per_s, 9U);
  EXPECT_EQ(config.log.level, "debug");
}

TEST_F(ConfigTest, AVariableThatNamesNothingIsRefused) {
  for (const std::string name : {"STOA_COLOUR", "STOA_NODES", "STOA_NODES__2__HTTP_PORT", "STOA_NODES__X__HTTP_PORT",
                                 "STOA_NODES__0", "STOA_DATA", "STOA_", "STOA_LOG", "STOA_CLUSTER__NAME"}) {
    EXPECT_EQ(pointers(read(sound_file(), {{name, "1"}})), name);
  }
}

TEST_F(ConfigTest, AVariableOfTheWrongTypeIsAFaultOfItsValue) {
  EXPECT_EQ(pointers(read(sound_file(), {{"STOA_NODES__0__HTTP_PORT", "many"}})), "/nodes/0/http_port");
  EXPECT_EQ(pointers(read(sound_file(), {{"STOA_NODES__0__GATEWAY", "yes"}})), "/nodes/0/gateway");
}

TEST_F(ConfigTest, WithoutTlsTheClusterPortStaysOnLoopback) {
  json file = sound_file();
  file["nodes"][0]["host"] = "10.0.0.1";
  const Config config = sound(file);
  EXPECT_EQ(cluster_bind_host(config, config.nodes[0], false), "127.0.0.1");
  EXPECT_EQ(cluster_bind_host(config, config.nodes[0], true), "10.0.0.1");
}

}  // namespace
}  // namespace stoa
