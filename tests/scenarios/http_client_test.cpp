#include "scenarios/http_client.hpp"

#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

namespace stoa::scenarios {
namespace {

using ::testing::HasSubstr;
namespace asio = boost::asio;

// Answers each connection's requests with the given bytes, one after the other, and hangs up when they are used up.
class Scripted {
 public:
  explicit Scripted(std::vector<std::vector<std::string>> connections)
      : acceptor_(io_, {asio::ip::address_v4::loopback(), 0}), thread_([this, connections] {
          for (const auto& answers : connections) serve(answers);
        }) {}
  ~Scripted() { thread_.join(); }

  Target target() const {
    return *parse_target("http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()));
  }

 private:
  void serve(const std::vector<std::string>& answers) {
    asio::ip::tcp::socket socket(io_);
    acceptor_.accept(socket);
    boost::system::error_code error;
    for (const std::string& answer : answers) {
      asio::streambuf request;
      asio::read_until(socket, request, "\r\n\r\n", error);
      if (error) return;
      asio::write(socket, asio::buffer(answer), error);
    }
    // An answer that never comes ends when the client does.
    char byte = 0;
    if (!answers.empty() && answers.back().empty()) socket.read_some(asio::buffer(&byte, 1), error);
  }

  asio::io_context io_;
  asio::ip::tcp::acceptor acceptor_;
  std::thread thread_;
};

std::vector<HttpResponse> ask(const Scripted& server, const std::vector<HttpRequest>& requests,
                              HttpLimits limits = {}) {
  SystemClock clock;
  asio::io_context io;
  HttpClient client(io, server.target(), limits, clock);
  EXPECT_TRUE(client.resolve().ok());
  return client.send_all(requests, 1);
}

const HttpRequest kGet{"GET", "/", "", ""};
const HttpRequest kPost{"POST", "/", "", "{}"};
const char kOk[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: b\r\n\r\nhi";

TEST(HttpClient, KeepsItsConnection) {
  Scripted server({{kOk, kOk, kOk}});
  const auto answers = ask(server, {kGet, kPost, kGet});
  for (const auto& answer : answers) {
    EXPECT_EQ(answer.status, 200) << answer.error;
    EXPECT_EQ(answer.body, "hi");
    EXPECT_EQ(header_of(answer, "x-a"), "b");
  }
}

TEST(HttpClient, ReadsChunkedBodiesAndBodiesThatTheEndEnds) {
  Scripted server({{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n3\r\n ho\r\n0\r\n\r\n",
                    "HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\nto the end"}});
  const auto answers = ask(server, {kGet, kGet, kGet});
  EXPECT_EQ(answers[0].body, "hi ho");
  EXPECT_EQ(answers[1].status, 204);
  EXPECT_EQ(answers[2].body, "to the end");
}

TEST(HttpClient, OpensAnotherConnectionAfterTheLastAnswerOfOne) {
  Scripted server({{"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"}, {kOk}});
  const auto answers = ask(server, {kPost, kPost});
  EXPECT_EQ(answers[0].status, 200);
  EXPECT_EQ(answers[1].status, 200);
}

TEST(HttpClient, RepeatsOnlyWhatChangesNothing) {
  {
    // The kept connection turns out to be closed: a read goes out again.
    Scripted server({{kOk}, {kOk}});
    const auto answers = ask(server, {kGet, kGet});
    EXPECT_EQ(answers[1].status, 200) << answers[1].error;
  }
  Scripted server({{kOk}});
  const auto answers = ask(server, {kGet, kPost});
  EXPECT_EQ(answers[1].status, 0);
  EXPECT_THAT(answers[1].error, HasSubstr("connection"));
}

TEST(HttpClient, GivesUpAfterItsTimeout) {
  HttpLimits limits;
  limits.timeout_ns = 50'000'000;
  Scripted server({{""}});
  const auto answers = ask(server, {kGet}, limits);
  EXPECT_EQ(answers[0].status, 0);
  EXPECT_THAT(answers[0].error, HasSubstr("no answer within 50.0ms"));
}

TEST(HttpClient, TrustsNoAnswerThatIsNotHttp) {
  Scripted server({{"SSH-2.0 hello\r\n\r\n"}, {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhi"}});
  const auto answers = ask(server, {kPost, kPost});
  EXPECT_THAT(answers[0].error, HasSubstr("not an answer in HTTP/1.1"));
  EXPECT_THAT(answers[1].error, HasSubstr("before the whole answer"));
}

TEST(HttpClient, SaysWhyItCannotConnect) {
  SystemClock clock;
  asio::io_context io;
  asio::ip::tcp::acceptor taken(io, {asio::ip::address_v4::loopback(), 0});
  const auto port = std::to_string(taken.local_endpoint().port());
  taken.close();
  HttpClient client(io, *parse_target("http://127.0.0.1:" + port), {}, clock);
  ASSERT_TRUE(client.resolve().ok());
  EXPECT_THAT(client.send_all({kGet}, 1)[0].error, HasSubstr("could not connect"));
}

TEST(HttpMessage, IsWrittenStrictly) {
  EXPECT_EQ(encoded({"POST", "/a?b", "X: y\r\n", "{}"}, "h:1"),
            "POST /a?b HTTP/1.1\r\nHost: h:1\r\nUser-Agent: stoa-load\r\nX: y\r\nContent-Length: 2\r\n\r\n{}");
  EXPECT_TRUE(is_header_name("Idempotency-Key"));
  for (const char* name : {"", "a b", "a:", "a\r"}) EXPECT_FALSE(is_header_name(name)) << name;
  EXPECT_FALSE(is_header_value("a\nb"));
  EXPECT_FALSE(is_request_path("/a\tb"));
}

}  // namespace
}  // namespace stoa::scenarios
