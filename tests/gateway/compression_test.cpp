#include "gateway/compression.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include "tests/gateway/shop.hpp"

namespace stoa::test {
namespace {

std::string unpacked(const std::string& packed) {
  std::string out(1 << 20, '\0');
  z_stream z{};
  inflateInit2(&z, 15 + 16);
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  z.avail_in = static_cast<uInt>(packed.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&z, Z_FINISH), Z_STREAM_END);
  out.resize(z.total_out);
  inflateEnd(&z);
  return out;
}

TEST(Compression, ReadsWhatAClientAccepts) {
  for (const char* yes : {"gzip", "deflate, GZIP;q=0.5", "*", "br, *;q=0.1"}) EXPECT_TRUE(accepts_gzip(yes)) << yes;
  for (const char* no : {"", "identity", "gzip;q=0", "gzip;q=0.000, *", "*;q=0"}) EXPECT_FALSE(accepts_gzip(no)) << no;
}

TEST(Compression, PacksLargeAnswersForThoseWhoAsk) {
  Shop shop;
  const auto plain = shop.ask("GET", "/openapi.json");
  const auto packed = shop.ask("GET", "/openapi.json", "Accept-Encoding: gzip\r\n");
  EXPECT_EQ(plain.fields.count("content-encoding"), 0u);
  EXPECT_EQ(packed.fields.at("content-encoding"), "gzip");
  EXPECT_LT(packed.body.size(), plain.body.size());
  EXPECT_EQ(unpacked(packed.body), plain.body);
  EXPECT_EQ(shop.ask("GET", "/v1/things/hot", "Accept-Encoding: gzip\r\n").body, "{\"hot\":true}");
}

}  // namespace
}  // namespace stoa::test
