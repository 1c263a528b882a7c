#include "gateway/idempotency_key.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

TEST(IdempotencyKey, HashesACommandUnderTheSecret) {
  EXPECT_EQ(idempotency_body_hash("s", "PlaceOrder\nx"), idempotency_body_hash("s", "PlaceOrder\nx"));
  EXPECT_NE(idempotency_body_hash("s", "PlaceOrder\nx"), idempotency_body_hash("s", "PlaceOrder\ny"));
  EXPECT_NE(idempotency_body_hash("s", "PlaceOrder\nx"), idempotency_body_hash("t", "PlaceOrder\nx"));
}

// Hashes are stored: a repeat after an upgrade must still meet its first.
TEST(IdempotencyKey, HashesACommandAsItAlwaysDid) {
  EXPECT_EQ(idempotency_body_hash("secret", "PlaceOrder\nx"),
            "a8c21420b6f2613982a2cdd79b0eadb969389b703ef25a4bbce175efb8b738a7");
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

TEST(IdempotencyKey, SealsUnderTheSecretTheScopeAndTheCommand) {
  const std::string one = idempotency_seal_key("s", "k", "a");
  EXPECT_EQ(one.size(), 32u);
  EXPECT_EQ(idempotency_seal_key("s", "k", "a"), one);
  EXPECT_NE(idempotency_seal_key("t", "k", "a"), one);
  EXPECT_NE(idempotency_seal_key("s", "l", "a"), one);
  EXPECT_NE(idempotency_seal_key("s", "k", "b"), one);
}

}  // namespace
}  // namespace stoa
