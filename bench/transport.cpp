// The transport between two processes on loopback: echoed parcels, large parcels one way, what a quiet pair costs, and
// how soon a killed and a stopped peer is missed. Usage: bench_transport [directory of ./dev certs] (in TLS when it is
// named)
#include <algorithm>
#include <caf/all.hpp>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <future>
#include <mutex>
#include <sstream>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "base/log.hpp"
#include "cluster/loop.hpp"
#include "cluster/probe.hpp"
#include "cluster/transport/open_transport.hpp"

namespace stoa {
namespace {

constexpr double kSeconds = 3;

double now_s() { return static_cast<double>(SystemClock().monotonic_ns()) / 1e9; }

// Of a process, from proc(5)'s stat.
double cpu_s(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text((std::istreambuf_iterator<char>(file)), {});
  std::istringstream fields(text.substr(text.rfind(')') + 2));
  std::string skipped;
  for (int i = 3; i < 14; ++i) fields >> skipped;
  double user = 0, kernel = 0;
  fields >> user >> kernel;
  return (user + kernel) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

class Node final : public TransportPort {
 public:
  Node(TransportOptions options, bool echo) : echo_(echo) {
    prepare_transport(config_, loop_);
    config_.set("scheduler.policy", caf::atom("sharing"));
    config_.set("scheduler.max-threads", 1u);
    config_.set("scheduler.max-throughput", 300u);
    system_ = std::make_unique<caf::actor_system>(config_);
    auto opened = open_transport(*system_, loop_, std::move(options), *this, clock_, random_, probes_);
    if (!opened) {
      std::fprintf(stderr, "bench_transport: %s\n", opened.error().what.c_str());
      std::exit(1);
    }
    transport_ = std::move(*opened);
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~Node() override {
    on_loop([&] { transport_->close(); });
    system_->await_all_actors_done();
    loop_.stop();
    thread_.join();
    transport_.reset();
  }

  NodeTransport& transport() { return *transport_; }
  void on_loop(const std::function<void()>& work) {
    std::promise<void> done;
    loop_.post([&] {
      work();
      done.set_value();
    });
    done.get_future().wait();
  }
  void wait(const std::function<bool()>& condition) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, condition);
  }
  std::function<void(std::string)> on_parcel;
  bool connected = false;  // both guarded by the mutex of wait()
  bool finished = false;
  void finish() {
    const std::lock_guard lock(mutex_);
    finished = true;
    changed_.notify_all();
  }

 private:
  void tell(bool up) {
    const std::lock_guard lock(mutex_);
    connected = up;
    changed_.notify_all();
  }
  void peer_up(const std::string&, const Hello&) override { tell(true); }
  void peer_down(const std::string&) override { tell(false); }
  void received(const std::string& node, std::string parcel) override {
    if (on_parcel)
      on_parcel(std::move(parcel));
    else if (echo_)
      transport_->send(node, parcel.size() > 4096 ? std::string("got it") : std::move(parcel));
  }

  const bool echo_;
  SystemClock clock_;
  SystemRandom random_;
  ProbeRegistry probes_;
  Loop loop_;
  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  std::unique_ptr<NodeTransport> transport_;
  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable changed_;
};

TransportOptions options_of(const std::string& node, const char* certificates) {
  TransportOptions options;
  options.cluster = "bench";
  options.node = node;
  if (certificates != nullptr) {
    const std::string d = std::string(certificates) + "/";
    options.tls = TlsFiles{d + "ca.pem", d + node + ".pem", d + node + ".key"};
  }
  return options;
}

struct Child {
  int pid = -1;
  uint16_t port = 0;
};

Child echoing_child(const char* certificates) {
  int out[2];
  if (pipe(out) != 0) std::exit(1);
  Child child;
  child.pid = fork();
  if (child.pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    Node n2(options_of("n2", certificates), true);
    n2.on_loop([&] { n2.transport().set_peers({{"n1", "127.0.0.1", 1}}); });
    const uint16_t port = n2.transport().port();
    if (write(out[1], &port, sizeof port) != sizeof port) _exit(1);
    for (;;) pause();
  }
  if (read(out[0], &child.port, sizeof child.port) != sizeof child.port) std::exit(1);
  close(out[0]);
  close(out[1]);
  return child;
}

void kill_and_wait(const Child& child) {
  kill(child.pid, SIGKILL);
  waitpid(child.pid, nullptr, 0);
}

// `in_flight` parcels of `bytes` go back and forth, or one way when they are large.
void measure(Node& n1, const Child& child, size_t bytes, int in_flight) {
  std::vector<double> took_us;
  std::map<uint32_t, double> sent_at;  // of the loop
  uint32_t next = 0;
  uint64_t received = 0;
  const double begun = now_s(), cpu = cpu_s(getpid()) + cpu_s(child.pid);
  const auto send = [&] {
    std::string parcel(bytes, 'x');
    parcel.replace(0, sizeof next, reinterpret_cast<const char*>(&next), sizeof next);
    sent_at[next++] = now_s();
    return n1.transport().send("n2", std::move(parcel));
  };
  n1.finished = false;
  n1.on_loop([&] {
    n1.on_parcel = [&](const std::string&) {
      ++received;
      took_us.push_back((now_s() - sent_at.begin()->second) * 1e6);
      sent_at.erase(sent_at.begin());
      if (now_s() - begun < kSeconds)
        send();
      else if (sent_at.empty())
        n1.finish();
    };
    for (int i = 0; i < in_flight; ++i) send();
  });
  n1.wait([&] { return n1.finished; });
  const double seconds = now_s() - begun, used = cpu_s(getpid()) + cpu_s(child.pid) - cpu;
  std::sort(took_us.begin(), took_us.end());
  const auto at = [&](double share) {
    return took_us[static_cast<size_t>(share * static_cast<double>(took_us.size() - 1))];
  };
  const auto count = static_cast<double>(received);
  std::printf(
      "%7zu bytes, %3d in flight: %8.0f parcels/s  %7.1f MB/s  p50 %7.0f us  p99 %7.0f us  %6.1f us of CPU each\n",
      bytes, in_flight, count / seconds, count * static_cast<double>(bytes) / seconds / 1e6, at(0.5), at(0.99),
      used / count * 1e6);
}

void measure_loss(const char* certificates, int signal_number, const char* name) {
  std::vector<double> took_ms;
  for (int i = 0; i < 10; ++i) {
    const Child child = echoing_child(certificates);
    {
      Node n1(options_of("n1", certificates), false);
      n1.on_loop([&] { n1.transport().set_peers({{"n2", "127.0.0.1", child.port}}); });
      n1.wait([&] { return n1.connected; });
      usleep(static_cast<useconds_t>(i * 37'000));  // anywhere between two heartbeats
      const double begun = now_s();
      kill(child.pid, signal_number);
      n1.wait([&] { return !n1.connected; });
      took_ms.push_back((now_s() - begun) * 1e3);
    }
    kill_and_wait(child);
  }
  std::sort(took_ms.begin(), took_ms.end());
  std::printf("%s: missed after %.0f ms, median %.0f, at most %.0f\n", name, took_ms.front(), took_ms[5],
              took_ms.back());
}

int run(const char* certificates) {
  std::printf("%s\n", certificates == nullptr ? "in the clear" : "TLS 1.3");
  set_log_level(LogLevel::kError);
  const Child child = echoing_child(certificates);
  {
    Node n1(options_of("n1", certificates), false);
    n1.on_loop([&] { n1.transport().set_peers({{"n2", "127.0.0.1", child.port}}); });
    n1.wait([&] { return n1.connected; });
    for (const int in_flight : {1, 16, 256}) measure(n1, child, 264, in_flight);
    measure(n1, child, 13'200, 16);
    measure(n1, child, 65'536, 16);
    measure(n1, child, 1 << 20, 8);
    const double cpu = cpu_s(getpid()) + cpu_s(child.pid);
    sleep(10);
    std::printf("a quiet pair: %.2f %% of a core for both\n", (cpu_s(getpid()) + cpu_s(child.pid) - cpu) * 10);
  }
  kill_and_wait(child);
  measure_loss(certificates, SIGKILL, "killed");
  measure_loss(certificates, SIGSTOP, "stopped");
  return 0;
}

}  // namespace
}  // namespace stoa

int main(int argc, char** argv) { return stoa::run(argc > 1 ? argv[1] : nullptr); }
