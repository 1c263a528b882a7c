#include "tests/simulation/request.hpp"

#include <memory>

#include "base/check.hpp"

namespace stoa::whole {
namespace {

class Request final : public Exchange {
 public:
  Request(RequestHandler& gateway, std::function<void(const Response&)> done)
      : gateway_(gateway), done_(std::move(done)) {}

  void respond() override {
    gateway_.sending(*this);
    Response r;
    r.status = response.status;
    r.body = std::string(response.payload());
    r.location = field("Location: ");
    r.etag = field("ETag: ");
    r.replayed = !field("Idempotency-Replayed: ").empty();
    done_(r);
  }

  void send(const std::string& text, const std::string& content, int64_t now_ns) {
    began_ns = now_ns;
    address = "192.0.2.1";
    const auto fault = parser_.begin(text, limits_, head);
    STOA_CHECK(!fault, "a simulated client speaks HTTP");
    if (!gateway_.admit(*this)) return respond();
    body = content;
    gateway_.handle(*this);
  }

 private:
  std::string field(const std::string& name) const {
    const size_t at = response.fields.find(name);
    if (at == std::string::npos || (at != 0 && response.fields[at - 1] != '\n')) return {};
    const size_t from = at + name.size();
    return response.fields.substr(from, response.fields.find('\r', from) - from);
  }

  RequestHandler& gateway_;
  const std::function<void(const Response&)> done_;
  const ConnectionLimits limits_;
  RequestParser parser_;
};

}  // namespace

void ask(RequestHandler& gateway, const Question& question, int64_t now_ns, std::function<void(const Response&)> done) {
  std::string text = question.method + " " + question.target + " HTTP/1.1\r\nHost: shop\r\n";
  const auto add = [&](const std::string& name, const std::string& value) { text += name + ": " + value + "\r\n"; };
  if (!question.bearer.empty()) add("Authorization", "Bearer " + question.bearer);
  for (const auto& [name, value] : question.fields) add(name, value);
  if (!question.body.empty()) add("Content-Type", "application/json");
  if (!question.body.empty()) add("Content-Length", std::to_string(question.body.size()));
  const auto request = std::make_shared<Request>(gateway, std::move(done));
  request->send(text + "\r\n", question.body, now_ns);
}

}  // namespace stoa::whole
