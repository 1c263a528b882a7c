#include "gateway/admin_listener.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <gtest/gtest.h>
#include <thread>

#include "tests/gateway/wire.hpp"

namespace stoa::test {
namespace {

class Admin {
 public:
  Admin() {
    AdminOptions options;
    options.token = "the-token-of-the-test";
    std::vector<AdminRoute> routes{{"GET", "/v1/cluster",
                                    [](const AdminRequest&, auto reply) {
                                      reply({200, "{}", "application/json"});
                                    }},
                                   {"PATCH", "/v1/config",
                                    [](const AdminRequest& r, auto reply) {
                                      reply({200, r.body, "application/json", r.if_match + "8", {}});
                                    }},
                                   {"POST", "/v1/nodes/{name}/drain", [](const AdminRequest& r, auto reply) {
                                      AdminResponse response;
                                      response.refusal = refuse({"too_small"}, r.values.at(0)).answer;
                                      reply(std::move(response));
                                    }}};
    options.refusals = {{"too_small", 409, "Too small"}};
    listener_ = std::make_unique<AdminListener>(
        loop_, options, clock_, random_, metrics_,
        [this] {
          return std::vector<Readiness>{{"shards", ready, "order/3 has no leader"}, {"keys", true, ""}};
        },
        std::move(routes));
    EXPECT_TRUE(listener_->start().ok());
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~Admin() {
    loop_.stop();
    thread_.join();
  }
  Wire::Reply ask(std::string_view method, std::string_view path, const std::string& fields = "",
                  std::string_view body = "", const std::string& host = "localhost:9090") {
    Wire wire(listener_->port());
    std::string bytes = request(method, path, fields, body);
    bytes.replace(bytes.find("shop.test"), 9, host);
    wire.write(bytes);
    return wire.read();
  }
  std::atomic<bool> ready{true};

 private:
  boost::asio::io_context loop_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_{loop_.get_executor()};
  SystemClock clock_;
  SeededRandom random_{3};
  Metrics metrics_;
  std::unique_ptr<AdminListener> listener_;
  std::thread thread_;
};

TEST(AdminListener, TellsHowTheNodeIs) {
  Admin admin;
  EXPECT_EQ(admin.ask("GET", "/livez").body, "ok\n");
  EXPECT_EQ(admin.ask("GET", "/readyz").body, "ok\n");
  admin.ready = false;
  const auto reply = admin.ask("GET", "/readyz?verbose");
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.body, "[-] shards: order/3 has no leader\n[+] keys\nnot ready\n");
  EXPECT_EQ(admin.ask("GET", "/metrics").status, 200);
}

TEST(AdminListener, LetsLoopbackReadAndAsksForTheTokenToChange) {
  Admin admin;
  EXPECT_EQ(admin.ask("GET", "/v1/cluster").body, "{}");
  EXPECT_EQ(admin.ask("PATCH", "/v1/config", "", "{\"a\":1}").status, 401);
  EXPECT_EQ(admin.ask("PATCH", "/v1/config", "Authorization: Bearer another\r\n", "{\"a\":1}").status, 401);
  const std::string token = "Authorization: Bearer the-token-of-the-test\r\n";
  EXPECT_EQ(admin.ask("PATCH", "/v1/config", token, "{\"a\":1}").body, "{\"a\":1}");
  EXPECT_EQ(admin.ask("POST", "/v1/config", token, "{}").fields.at("allow"), "PATCH");
  EXPECT_EQ(admin.ask("GET", "/v1/nothing").status, 404);
}

TEST(AdminListener, HandsValuesOfThePathOnAndSendsRefusalsAsProblems) {
  Admin admin;
  const std::string token = "Authorization: Bearer the-token-of-the-test\r\n";
  const auto refused = admin.ask("POST", "/v1/nodes/n1/drain", token, "{}");
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.fields.at("content-type"), "application/problem+json");
  EXPECT_NE(refused.body.find("\"code\":\"too_small\""), std::string::npos);
  EXPECT_NE(refused.body.find("\"detail\":\"n1\""), std::string::npos);
  for (const char* path : {"/v1/nodes//drain", "/v1/nodes/n1", "/v1/nodes/n1/drain/", "/v1/nodes/n1/drain/x"})
    EXPECT_EQ(admin.ask("POST", path, token, "{}").status, 404) << path;
}

TEST(AdminListener, HandsIfMatchOnAndSendsAnEntityTag) {
  Admin admin;
  const std::string fields = "Authorization: Bearer the-token-of-the-test\r\nIf-Match: 7\r\n";
  EXPECT_EQ(admin.ask("PATCH", "/v1/config", fields, "{}").fields.at("etag"), "\"78\"");
}

TEST(AdminListener, ChecksTheHost) {
  Admin admin;
  EXPECT_EQ(admin.ask("GET", "/v1/cluster", "", "", "evil.example").status, 421);
  EXPECT_EQ(admin.ask("GET", "/v1/cluster", "", "", "127.0.0.1:9090").status, 200);
  EXPECT_EQ(admin.ask("GET", "/v1/cluster", "", "", "[::1]:9090").status, 200);
}

}  // namespace
}  // namespace stoa::test
