#include "bench/checkout/http_load.hpp"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <thread>

#include "bench/checkout/response_head.hpp"

namespace stoa::bench {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr int kThreads = 2;
constexpr int kGrace_s = 20;  // for the last answers
constexpr size_t kReadBytes = 16 * 1024;

class Connection {
 public:
  Connection(asio::io_context& context, const HttpLoad& load, int number)
      : socket_(context),
        load_(load),
        port_(load.ports[static_cast<size_t>(number) % load.ports.size()]),
        next_(load.requests(number)) {
    received_.resize(kReadBytes);
    connect();
  }

  // The first request; none is sent once it is end_s.
  void begin(double end_s) {
    if (!failure_.empty()) return;
    end_s_ = end_s;
    send();
  }

  const std::string& failure() const { return failure_; }
  const Measured& measured() const { return measured_; }

 private:
  void send() {
    next_(request_);
    sent_s_ = now_s();
    boost::system::error_code error;
    asio::write(socket_, asio::buffer(request_), error);
    if (error) return stop("cannot write: " + error.message());
    filled_ = 0;
    receive();
  }

  void connect() {
    boost::system::error_code error;
    socket_.connect({asio::ip::address_v4::loopback(), port_}, error);
    if (!error) socket_.set_option(tcp::no_delay(true), error);
    if (error) stop("cannot connect: " + error.message());
  }

  void receive() {
    if (filled_ == received_.size()) received_.resize(2 * received_.size());
    socket_.async_read_some(asio::buffer(&received_[filled_], received_.size() - filled_),
                            [this](const boost::system::error_code& error, size_t bytes) {
                              if (error) return stop("cannot read: " + error.message());
                              filled_ += bytes;
                              look();
                            });
  }

  void look() {
    ResponseHead head;
    const std::string_view received(received_.data(), filled_);
    if (!read_head(received, head)) return receive();
    if (head.status == load_.status && filled_ < head.head_bytes + head.body_bytes) return receive();
    if (head.status != load_.status || filled_ > head.head_bytes + head.body_bytes) {
      return stop("unexpected answer: " + std::string(received.substr(0, 600)));
    }
    const double now = now_s();
    measured_.done_after(now - sent_s_);
    if (now >= end_s_) return;
    if (head.closes) {
      socket_.close();
      connect();
      if (!failure_.empty()) return;
    }
    send();
  }

  void stop(const std::string& why) { failure_ = why; }

  tcp::socket socket_;
  const HttpLoad& load_;
  const uint16_t port_;
  double end_s_ = 0;
  const NextRequest next_;
  std::string request_;
  std::string received_;  // its first filled_ bytes are the answer so far
  size_t filled_ = 0;
  double sent_s_ = 0;
  std::string failure_;
  Measured measured_;
};

struct Worker {
  asio::io_context context{1};
  std::vector<std::unique_ptr<Connection>> connections;
};

}  // namespace

Measured run_load(const HttpLoad& load) {
  std::vector<Worker> workers(static_cast<size_t>(std::min(kThreads, load.connections)));
  for (int i = 0; i < load.connections; ++i) {
    Worker& worker = workers[static_cast<size_t>(i) % workers.size()];
    worker.connections.push_back(std::make_unique<Connection>(worker.context, load, i));
  }
  const double start = now_s();
  const double own_cpu = own_cpu_s();
  std::vector<std::thread> threads;
  for (Worker& worker : workers) {
    threads.emplace_back([&worker, &load, start] {
      for (const auto& connection : worker.connections) {
        connection->begin(start + load.seconds);
      }
      worker.context.run_for(
          std::chrono::duration_cast<std::chrono::seconds>(std::chrono::duration<double>(load.seconds)) +
          std::chrono::seconds(kGrace_s));
    });
  }
  for (std::thread& thread : threads) thread.join();
  Measured all;
  for (const Worker& worker : workers) {
    for (const auto& connection : worker.connections) {
      if (!connection->failure().empty()) throw std::runtime_error("under load: " + connection->failure());
      all.add(connection->measured());
    }
    if (!worker.context.stopped()) throw std::runtime_error("under load: answers did not come in time");
  }
  all.rates.clear();
  all.seconds = now_s() - start;
  all.client_cpu_s = own_cpu_s() - own_cpu;
  return all;
}

}  // namespace stoa::bench
