#include "app/node_config.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <unistd.h>

#include "app/command_line.hpp"

namespace stoa {
namespace {

class NodeConfigTest : public testing::Test {
 protected:
  NodeConfigTest() : directory_(testing::TempDir() + "stoa_node_config_" + std::to_string(getpid())) {
    std::filesystem::create_directories(directory_);
  }
  ~NodeConfigTest() override { std::filesystem::remove_all(directory_); }

  Config config() {
    DevOptions options;
    options.data = directory_ + "/deep/data";
    return dev_config(options);
  }
  std::optional<NodeData> open(const Config& config) {
    SystemRandom random;
    return open_node_data(config, "dev", all_groups(config), random, err_, exit_code_);
  }

  std::string directory_;
  std::ostringstream err_;
  int exit_code_ = 0;
};

TEST_F(NodeConfigTest, EveryServiceHasItsShards) {
  const auto shards = default_shards();
  EXPECT_EQ(shards.at("user"), 4);
  EXPECT_EQ(shards.at("product"), 8);
  EXPECT_EQ(shards.at("order"), 8);
  EXPECT_EQ(shards.at("payment"), 4);
  EXPECT_EQ(shards.at("shipping"), 4);
}

TEST_F(NodeConfigTest, AFaultyFileIsToldByPointer) {
  std::ofstream(directory_ + "/cluster.json") << R"({"cluster": "demo", "nodes": [], "colour": 1})";
  EXPECT_FALSE(load_node_config({directory_ + "/cluster.json", "n1", false, {}}, err_).has_value());
  EXPECT_EQ(err_.str(), "stoa node: " + directory_ + "/cluster.json: /colour: unknown key\n");
}

TEST_F(NodeConfigTest, TheCatalogHasOneShardThatNobodyConfigures) {
  EXPECT_EQ(default_shards().count("catalog"), 0u);
  EXPECT_EQ(all_groups(config()).front(), (GroupId{0, 0}));
  EXPECT_EQ(all_groups(config()).size(), 29u);
}

TEST_F(NodeConfigTest, SeveralNodesNeedOneMasterKey) {
  EXPECT_TRUE(unshared_secrets(config()).empty());
  Config two = config();
  two.nodes.push_back(two.nodes.front());
  ASSERT_EQ(unshared_secrets(two).size(), 1u);
  EXPECT_EQ(unshared_secrets(two).front().pointer, "/secrets/master_key_file");
  two.master_key_file = "master.key";
  EXPECT_TRUE(unshared_secrets(two).empty());
}

TEST_F(NodeConfigTest, ACertificateThatCannotBeServedIsRefusedWhereThereIsAGateway) {
  Config shop = config();
  const std::string name = shop.nodes.front().name;
  EXPECT_TRUE(unusable_certificate(shop, name).empty());
  shop.http_tls = TlsConfig{"", "/no/such/shop.pem", "/no/such/shop.key"};
  ASSERT_EQ(unusable_certificate(shop, name).size(), 1U);
  EXPECT_EQ(unusable_certificate(shop, name)[0].pointer, "/http_tls");
  EXPECT_NE(unusable_certificate(shop, name)[0].what.find("/no/such/shop.pem"), std::string::npos);
  shop.nodes.front().gateway = false;
  EXPECT_TRUE(unusable_certificate(shop, name).empty());
}

TEST_F(NodeConfigTest, TheDataIsFoundAgainUnderTheSameIds) {
  ReplicaBirth first;
  {
    const auto data = open(config());
    ASSERT_TRUE(data.has_value()) << err_.str();
    EXPECT_EQ(data->identity.replicas.size(), all_groups(config()).size());
    first = data->identity.replicas.begin()->second;
  }
  const auto again = open(config());
  ASSERT_TRUE(again.has_value()) << err_.str();
  EXPECT_EQ(again->identity.replicas.begin()->second, first);
}

TEST_F(NodeConfigTest, TwoProcessesDoNotShareADirectory) {
  const auto data = open(config());
  EXPECT_FALSE(open(config()).has_value());
  EXPECT_EQ(exit_code_, kExitFailure);
}

TEST_F(NodeConfigTest, OtherShardCountsAreRefused) {
  ASSERT_TRUE(open(config()).has_value()) << err_.str();
  Config other = config();
  other.shards["order"] = 3;
  EXPECT_FALSE(open(other).has_value());
  EXPECT_EQ(exit_code_, kExitUsage);
  EXPECT_EQ(err_.str().rfind("stoa: /shards/order: ", 0), 0U) << err_.str();
}

}  // namespace
}  // namespace stoa
