#include "gateway/idempotency_key.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "base/json.hpp"

namespace stoa {
namespace {

std::string hash_of(std::string_view text) {
  const auto doc = parse_json(text);
  return idempotency_body_hash("secret", &doc.value());
}

TEST(IdempotencyKey, ComparesDocumentsAsTheyAreDecoded) {
  EXPECT_EQ(hash_of(R"({"a":1,"b":{"c":2,"d":[]}})"), hash_of("{ \"b\": {\"d\":[],\"c\":2},\n\"a\":1}"));
  EXPECT_EQ(hash_of(R"({"a":1,"b":null})"), hash_of(R"({"a":1})"));
  EXPECT_EQ(hash_of(R"({"a":"é"})"), hash_of(R"({"a":"\u00e9"})"));
  EXPECT_NE(hash_of(R"({"a":[1,2]})"), hash_of(R"({"a":[2,1]})"));
  EXPECT_NE(hash_of(R"({"a":1})"), hash_of(R"({"a":"1"})"));
  EXPECT_NE(idempotency_body_hash("secret", nullptr), hash_of("{}"));
  const auto doc = parse_json("{}");
  EXPECT_NE(idempotency_body_hash("another", &doc.value()), hash_of("{}"));
}

// Hashes are stored: a repeat after an upgrade must still meet its first.
TEST(IdempotencyKey, HashesADocumentAsItAlwaysDid) {
  EXPECT_EQ(hash_of(R"({"b":"x\"\\\n\u0001é","n":null,"a":[null,true,1.5,-3,18446744073709551615,{"n":null}]})"),
            "eab9c468c8bebe58ceb886e84b9cb84483ab2ad23e9c093298742479df3bab3f");
}

TEST(IdempotencyKey, BelongsToOneUserMethodAndPath) {
  const std::string one = idempotency_scope("usr_1", "POST", "/v1/orders", "k");
  EXPECT_EQ(one, idempotency_scope("usr_1", "POST", "/v1/orders", "k"));
  EXPECT_NE(one, idempotency_scope("usr_2", "POST", "/v1/orders", "k"));
  EXPECT_NE(one, idempotency_scope("usr_1", "POST", "/v1/carts", "k"));
  EXPECT_NE(one, idempotency_scope("usr_1", "POST", "/v1/order", "sk"));
}

TEST(IdempotencyKey, IsVisibleAscii) {
  EXPECT_TRUE(is_idempotency_key(std::string(255, '~')));
  for (const std::string& bad : {std::string(), std::string(256, 'a'), std::string("a b"), std::string("\x7f")}) {
    EXPECT_FALSE(is_idempotency_key(bad));
  }
}

TEST(IdempotencyKey, SealsUnderTheSecretTheScopeAndTheBody) {
  const auto key = [](const char* secret, const char* scope, const char* body) {
    const auto doc = nlohmann::json::parse(body);
    return idempotency_seal_key(secret, scope, &doc);
  };
  const std::string one = key("s", "k", R"({"a": 1, "b": null})");
  EXPECT_EQ(one.size(), 32u);
  EXPECT_EQ(key("s", "k", R"({"a":1})"), one) << "bodies of one hash open each other's answers";
  EXPECT_NE(key("t", "k", R"({"a":1})"), one);
  EXPECT_NE(key("s", "l", R"({"a":1})"), one);
  EXPECT_NE(key("s", "k", R"({"a":2})"), one);
}

}  // namespace
}  // namespace stoa
