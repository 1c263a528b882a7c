// Bytes that arrive badly, slowly, twice or too many.
#include "gateway/session.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/gateway/shop.hpp"

namespace stoa::test {
namespace {

const std::string kHost = "Host: shop.test\r\n";

struct Bad {
  const char* what;
  std::string bytes;
  int status;
};

std::vector<Bad> bad_heads() {
  std::string many;
  for (int i = 0; i < 101; ++i) many += "X-" + std::to_string(i) + ": 1\r\n";
  const std::string post = "POST /v1/uses HTTP/1.1\r\n" + kHost + "Authorization: Bearer customer\r\n" +
                           "Content-Type: application/json\r\nIdempotency-Key: k\r\n";
  const auto get = [](const std::string& fields) { return "GET /v1/things/a HTTP/1.1\r\n" + fields + "\r\n"; };
  return {
      {"no HTTP at all", "hello\r\n\r\n", 400},
      {"a bare LF", "GET / HTTP/1.1\nHost: a\n\n", 400},
      {"a bare LF in the fields", "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", 400},
      {"a bare CR", "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n", 400},
      {"a NUL", std::string("GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n", 29), 400},
      {"a folded line", get(kHost + "X: a\r\n b\r\n"), 400},
      {"space before the colon", get(kHost + "X : a\r\n"), 400},
      {"a field without a name", get(kHost + ": a\r\n"), 400},
      {"no Host", get(""), 400},
      {"two Hosts", get(kHost + kHost), 400},
      {"a Host that is none", get("Host: a/b\r\n"), 400},
      {"HTTP/2.0", "GET / HTTP/2.0\r\n" + kHost + "\r\n", 505},
      {"HTTP/0.9", "GET /\r\n\r\n", 400},
      {"both lengths", post + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"both lengths, turned", post + "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n", 400},
      {"two lengths", post + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400},
      {"a list of lengths", post + "Content-Length: 2, 2\r\n\r\n{}", 400},
      {"a signed length", post + "Content-Length: +2\r\n\r\n{}", 400},
      {"a negative length", post + "Content-Length: -2\r\n\r\n{}", 400},
      {"a hexadecimal length", post + "Content-Length: 0x2\r\n\r\n{}", 400},
      {"a length past 64 bits", post + "Content-Length: 99999999999999999999\r\n\r\n", 400},
      {"an empty length", post + "Content-Length: \r\n\r\n", 400},
      {"another coding", post + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
      {"chunked that is not last", post + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n", 501},
      {"chunked twice", post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"a disguised coding", post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501},
      {"a bad chunk size", post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n", 400},
      {"a negative chunk size", post + "Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n", 400},
      {"a chunk size past 64 bits", post + "Transfer-Encoding: chunked\r\n\r\n1ffffffffffffffff\r\n{}", 400},
      {"a chunk that is longer than it says", post + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}x\r\n0\r\n\r\n", 400},
      {"a chunk ended by a bare LF", post + "Transfer-Encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n", 400},
      {"a chunk beyond the bound", post + "Transfer-Encoding: chunked\r\n\r\n7fffffff\r\n" + std::string(2 << 20, ' '),
       413},
      {"another expectation", get(kHost + "Expect: 200-ok\r\n"), 417},
      {"a long target", "GET /" + std::string(9000, 'a') + " HTTP/1.1\r\n" + kHost + "\r\n", 414},
      {"a long target without end", "GET /" + std::string(20000, 'a'), 414},
      {"a large field", get(kHost + "X: " + std::string(33 * 1024, 'a') + "\r\n"), 431},
      {"many fields", get(kHost + many), 431},
      {"a body of 2 MiB", post + "Content-Length: 2097152\r\n\r\n" + std::string(2 << 20, ' '), 413},
  };
}

TEST(Session, RefusesHostileBytesAndClosesAndLivesOn) {
  Shop shop;
  for (const Bad& bad : bad_heads()) {
    Wire wire(shop.port());
    wire.write(bad.bytes);
    const auto reply = wire.read();
    EXPECT_EQ(reply.status, bad.status) << bad.what << ": " << reply.body;
    EXPECT_EQ(reply.fields.at("content-type"), "application/problem+json") << bad.what;
    EXPECT_EQ(reply.fields.at("connection"), "close") << bad.what;
    EXPECT_EQ(nlohmann::json::parse(reply.body).at("status"), bad.status) << bad.what;
  }
  EXPECT_TRUE(shop.router.asked().empty());
  EXPECT_EQ(shop.ask("GET", "/v1/things/a").status, 200);
}

TEST(Session, TakesTheAbsoluteFormOfATarget) {
  Shop shop;
  EXPECT_EQ(shop.ask("GET", "http://shop.example/v1/things/hot").body, "{\"hot\":true}");
  EXPECT_EQ(shop.ask("GET", "http://shop.example").status, 404);
}

TEST(Session, TakesARequestByteByByte) {
  Shop shop;
  Wire wire(shop.port());
  for (const char c : request("GET", "/v1/things/hot")) wire.write({&c, 1});
  EXPECT_EQ(wire.read().body, "{\"hot\":true}");
}

TEST(Session, AnswersPipelinedRequestsInTheirOrder) {
  Shop shop;
  shop.router.on_call([](const ScriptedRouter::Asked& asked) {
    Answer a;
    a.body = "\"" + decode<Thing>(asked.encoded)->name + "\"";
    return a;
  });
  Wire wire(shop.port());
  std::string all;
  for (const char* id : {"a", "hot", "b", "c", "hot", "d"}) all += request("GET", std::string("/v1/things/") + id);
  wire.write(all);
  for (const char* body : {"\"a\"", "{\"hot\":true}", "\"b\"", "\"c\"", "{\"hot\":true}", "\"d\""}) {
    EXPECT_EQ(wire.read().body, body);
  }
}

TEST(Session, KeepsAConnectionAfterARefusalWithABody) {
  Shop shop;
  Wire wire(shop.port());
  wire.write(request("POST", "/v1/nowhere", "", "{\"a\": 1}") + request("GET", "/v1/things/hot"));
  EXPECT_EQ(wire.read().status, 404);
  EXPECT_EQ(wire.read().status, 200);
}

TEST(Session, ReadsAChunkedBodyWithExtensionsAndTrailers) {
  Shop shop;
  Wire wire(shop.port());
  wire.write(
      "POST /v1/things HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer merchant\r\nContent-Type: application/json\r\n"
      "Transfer-Encoding: chunked\r\n\r\n9;x=y\r\n{\"name\":\"\r\n2\r\nn\"\r\nb\r\n,\"count\":3}\r\n0\r\n"
      "Authorization: Bearer admin\r\n\r\n");
  EXPECT_EQ(wire.read().status, 200);
  ASSERT_EQ(shop.router.asked().size(), 1u);
  EXPECT_EQ(decode<Thing>(shop.router.asked()[0].encoded)->count, 3);
  EXPECT_EQ(shop.router.asked()[0].call.caller.role, UserRole::kMerchant);
}

TEST(Session, EndsASlowHeadWith408) {
  Shop shop;
  Wire wire(shop.port());
  wire.write(request("GET", "/v1/things/hot"));
  EXPECT_EQ(wire.read().status, 200);
  wire.write("GET /v1/things/hot HT");
  wire.write("TP/1.1\r\n");
  // The head's time begins with its first byte, so time may only move once that byte was seen; an idle connection
  // would outlive this.
  Wire::Reply reply;
  std::thread time([&] {
    for (int i = 0; i < 100; ++i) shop.on_loop([&] { shop.clock.advance_ms(200); });
  });
  reply = wire.read();
  time.join();
  EXPECT_EQ(reply.status, 408);
  EXPECT_TRUE(wire.ended());
}

TEST(Session, EndsASlowBodyWith408) {
  Shop shop;
  Wire wire(shop.port());
  wire.write(
      "POST /v1/things HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer merchant\r\nContent-Type: application/json\r\n"
      "Content-Length: 10\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(wire.read().status, 100);
  wire.write("{");
  std::thread time([&] {
    for (int i = 0; i < 100; ++i) shop.on_loop([&] { shop.clock.advance_ms(1300); });
  });
  EXPECT_EQ(wire.read().status, 408);
  time.join();
  EXPECT_TRUE(shop.router.asked().empty());
}

TEST(Session, SaysContinueOnlyToThoseWhoseHeadIsFine) {
  Shop shop;
  const std::string fields = "Expect: 100-continue\r\nContent-Type: application/json\r\nContent-Length: 22\r\n";
  Wire fine(shop.port());
  fine.write(request("POST", "/v1/things", "Authorization: Bearer merchant\r\n" + fields));
  EXPECT_EQ(fine.read().status, 100);
  fine.write("{\"name\":\"n\",\"count\":3}");
  EXPECT_EQ(fine.read().status, 200);
  Wire nobody(shop.port());
  nobody.write(request("POST", "/v1/things", fields));
  EXPECT_EQ(nobody.read().status, 401);
  EXPECT_TRUE(nobody.ended());
}

TEST(Session, ClosesWhatIsIdleAndWhatHasHadItsShare) {
  GatewayOptions options = Shop::small_options();
  options.connection.requests = 2;
  Shop shop(options);
  Wire wire(shop.port());
  wire.write(request("GET", "/v1/things/hot") + request("GET", "/v1/things/hot"));
  EXPECT_EQ(wire.read().fields.count("connection"), 0u);
  EXPECT_EQ(wire.read().fields.at("connection"), "close");
  EXPECT_TRUE(wire.ended());
  Wire idle(shop.port());
  idle.write(request("GET", "/v1/things/hot"));
  EXPECT_EQ(idle.read().status, 200);
  shop.clock.advance_ms(76'000);
  EXPECT_TRUE(idle.ended());
}

TEST(Session, HonoursConnectionCloseAndHttp10) {
  Shop shop;
  Wire closing(shop.port());
  closing.write(request("GET", "/v1/things/hot", "Connection: close\r\n"));
  EXPECT_EQ(closing.read().fields.at("connection"), "close");
  EXPECT_TRUE(closing.ended());
  Wire old(shop.port());
  old.write("GET /v1/things/hot HTTP/1.0\r\n\r\n");
  EXPECT_EQ(old.read().status, 200);
  EXPECT_TRUE(old.ended());
}

TEST(Session, DrainsWhatIsInFlightAndRefusesWhatIsNew) {
  Shop shop;
  shop.router.hold(true);
  Wire busy(shop.port()), kept(shop.port());
  kept.write(request("GET", "/v1/things/hot"));
  EXPECT_EQ(kept.read().status, 200);
  busy.write(request("GET", "/v1/things/a"));
  shop.router.wait_for_calls(1);
  std::atomic<bool> drained{false};
  shop.on_loop([&] { shop.gateway().drain([&] { drained = true; }); });
  kept.write(request("GET", "/v1/things/hot"));
  const auto refused = kept.read();
  if (refused.status != 0) {
    EXPECT_EQ(refused.status, 503);
    EXPECT_EQ(nlohmann::json::parse(refused.body).at("code"), "draining");
    EXPECT_EQ(refused.fields.count("retry-after"), 1u);
  }
  EXPECT_FALSE(drained);
  shop.router.hold(false);
  const auto last = busy.read();
  EXPECT_EQ(last.status, 200);
  EXPECT_EQ(last.fields.at("connection"), "close");
  EXPECT_TRUE(busy.ended());
  while (!drained) std::this_thread::yield();
}

}  // namespace
}  // namespace stoa::test
