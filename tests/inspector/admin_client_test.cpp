#include "inspector/admin_client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>
#include <thread>

namespace stoa {
namespace {

using boost::asio::ip::tcp;

// Takes one connection, reads a request's head and says what it was told to.
class OneAnswer {
 public:
  explicit OneAnswer(std::string answer)
      : acceptor_(loop_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)),
        thread_([this, said = std::move(answer)] {
          tcp::socket client = acceptor_.accept();
          boost::asio::streambuf head;
          boost::system::error_code error;
          boost::asio::read_until(client, head, "\r\n\r\n", error);
          request_.assign(boost::asio::buffers_begin(head.data()), boost::asio::buffers_end(head.data()));
          if (said.empty()) boost::asio::read(client, head, error);  // says nothing until the other side goes
          boost::asio::write(client, boost::asio::buffer(said), error);
        }) {}
  ~OneAnswer() {
    if (thread_.joinable()) thread_.join();
  }
  AdminAddress address() { return {"127.0.0.1", std::to_string(acceptor_.local_endpoint().port())}; }
  std::string request() { return thread_.join(), request_; }

 private:
  boost::asio::io_context loop_;
  tcp::acceptor acceptor_;
  std::string request_;
  std::thread thread_;
};

TEST(AdminClient, ReadsTheBodyOfAnAnswer) {
  OneAnswer node("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
  EXPECT_EQ(admin_get(node.address(), "/v1/inspect", 5000).value(), "{}");
  EXPECT_EQ(node.request().rfind("GET /v1/inspect HTTP/1.1\r\n", 0), 0U);
}

TEST(AdminClient, AnythingBut200IsAnError) {
  OneAnswer node("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
  const auto answer = admin_get(node.address(), "/v1/inspect", 5000);
  ASSERT_FALSE(answer.ok());
  EXPECT_NE(answer.error().what.find("503"), std::string::npos);
}

TEST(AdminClient, SendsWhatAChangeNeedsAndTakesAnyAnswer) {
  OneAnswer node("HTTP/1.1 412 Precondition Failed\r\nETag: \"8\"\r\nContent-Length: 2\r\n\r\n{}");
  const auto reply = admin_call(node.address(), {"PATCH", "/v1/config", R"({"a":1})", "the-token", "7"}, 5000);
  ASSERT_TRUE(reply.ok());
  EXPECT_EQ(reply->status, 412);
  EXPECT_EQ(reply->body, "{}");
  EXPECT_EQ(reply->etag, "8");
  const std::string request = node.request();
  EXPECT_EQ(request.rfind("PATCH /v1/config HTTP/1.1\r\n", 0), 0U);
  EXPECT_NE(request.find("Authorization: Bearer the-token\r\n"), std::string::npos);
  EXPECT_NE(request.find("If-Match: \"7\"\r\n"), std::string::npos);
  EXPECT_NE(request.find("Content-Type: application/json\r\n"), std::string::npos);
}

TEST(AdminClient, ANodeThatIsSilentIsGivenUp) {
  OneAnswer node("");
  EXPECT_FALSE(admin_get(node.address(), "/v1/inspect", 50).ok());
}

TEST(AdminClient, ANodeThatIsNotThereIsNamed) {
  AdminAddress nobody;
  {
    boost::asio::io_context loop;
    tcp::acceptor gone(loop, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
    nobody.port = std::to_string(gone.local_endpoint().port());
  }
  const auto answer = admin_get(nobody, "/v1/inspect", 5000);
  ASSERT_FALSE(answer.ok());
  EXPECT_NE(answer.error().what.find(nobody.text()), std::string::npos);
}

TEST(AdminClient, AnAddressIsAHostAndAPort) {
  EXPECT_EQ(parse_admin_address("n1:9101").value().host, "n1");
  EXPECT_EQ(parse_admin_address("[::1]:9101").value().host, "::1");
  for (const char* wrong : {"", "n1", ":9101", "n1:", "n1:http", "n1:123456"}) {
    EXPECT_FALSE(parse_admin_address(wrong).ok()) << wrong;
  }
}

}  // namespace
}  // namespace stoa
