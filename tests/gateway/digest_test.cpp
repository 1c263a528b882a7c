#include "gateway/digest.hpp"

#include <gtest/gtest.h>

namespace stoa {
namespace {

TEST(Digest, CountsTheLengthsOfItsParts) {
  EXPECT_EQ(to_hex(sha256({"ab", "c"})), "f2939f903016e5bb29b1e4a61cdbd376220ca03a24180b39995f2d50f2e0a647");
  EXPECT_NE(sha256({"ab", "c"}), sha256({"a", "bc"}));
}

TEST(Digest, IsKeyedAsRfc2104Says) {
  EXPECT_EQ(to_hex(hmac_sha256("secret", {"ab", "c"})),
            "016ac92f8e1d8aa00bd79edfa9c564b4722a7920d7982c324ad2eaa58975cd57");
  EXPECT_EQ(to_hex(hmac_sha256(std::string(200, 'k'), {"ab", "c"})),
            "4740a6d498875d1e058ad2d7c72baf2cb1ea951a03cec57e2d7f91341c944194");
}

}  // namespace
}  // namespace stoa
