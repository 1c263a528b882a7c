#include "bench/checkout/workplace.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <sys/stat.h>
#include <thread>

namespace stoa::bench {
namespace {

volatile std::sig_atomic_t interrupted = 0;

}  // namespace

void watch_signals() {
  for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, [](int) { interrupted = 1; });
}

void stop_if_interrupted() {
  if (interrupted != 0) throw Interrupted();
}

void wait_until(const std::function<bool()>& condition, double timeout_s, const std::string& what) {
  const auto last = std::chrono::steady_clock::now() + std::chrono::duration<double>(timeout_s);
  while (!condition()) {
    stop_if_interrupted();
    if (std::chrono::steady_clock::now() > last) throw std::runtime_error(what + " did not come in time");
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

Workplace::Workplace(const std::string& parent) : path_(parent + "/stoa-bench-XXXXXX") {
  if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("cannot make a directory below " + parent);
  ::chmod(path_.c_str(), 0755);
}

Workplace::~Workplace() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

uint16_t free_port() {
  using boost::asio::ip::tcp;
  boost::asio::io_context context;
  return tcp::acceptor(context, {boost::asio::ip::address_v4::loopback(), 0}).local_endpoint().port();
}

uint16_t free_ports(int count) {
  using boost::asio::ip::tcp;
  boost::asio::io_context context;
  for (int tries = 0; tries < 100; ++tries) {
    const uint16_t first = free_port();
    int found = 0;
    for (boost::system::error_code taken; found < count && !taken && first + found <= UINT16_MAX; ++found) {
      tcp::acceptor one(context, tcp::v4());
      one.bind({boost::asio::ip::address_v4::loopback(), static_cast<uint16_t>(first + found)}, taken);
      if (taken) break;
    }
    if (found == count) return first;
  }
  throw std::runtime_error("no " + std::to_string(count) + " free ports in a row");
}

}  // namespace stoa::bench
