#include "app/dev_cluster.hpp"

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/command_line.hpp"
#include "app/demo_seed.hpp"
#include "app/master_key_file.hpp"
#include "base/json.hpp"
#include "inspector/admin_client.hpp"
#include "storage/posix_disk.hpp"

namespace stoa {
namespace {

constexpr int kAskTimeoutMs = 1000;
constexpr int64_t kReadyLimitS = 300;  // the seeding included
constexpr long kLookEveryMs = 100;

int failed(const std::string& what) {
  std::cerr << "stoa dev: " << what << "\n";
  return kExitFailure;
}

class DevCluster {
 public:
  explicit DevCluster(const DevOptions& options)
      : options_(options), home_(std::filesystem::absolute(options.data).lexically_normal().string()) {
    sigemptyset(&signals_);
    for (const int signal : {SIGINT, SIGTERM, SIGCHLD}) sigaddset(&signals_, signal);
  }

  int run() {
    if (auto prepared = prepare(); !prepared) return failed(prepared.error().what);
    sigprocmask(SIG_BLOCK, &signals_, &before_);
    for (int i = 1; i <= options_.nodes; ++i) start(i);
    int exit_code = wait_until_ready();
    if (exit_code == kExitSuccess && !ended_) {
      print_welcome();
      while (!ended_) look(nullptr);
    }
    stop_children();
    return exit_code;
  }

 private:
  static std::string name(int i) { return "n" + std::to_string(i); }
  uint16_t port(uint16_t first, int i) const { return static_cast<uint16_t>(first + i - 1); }
  std::string config() const { return home_ + "/cluster.json"; }
  std::string log(int i) const { return home_ + "/" + name(i) + ".log"; }

  // The files that the nodes start from.
  Result<void> prepare() {
    std::error_code error;
    std::filesystem::create_directories(home_, error);
    if (error) return Error{home_ + ": " + error.message()};
    auto disk = PosixDisk::open_directory(home_);
    if (!disk) return disk.error();
    disk_ = std::move(*disk);
    if (auto key = load_master_key("", *disk_); !key) return key.error();
    nlohmann::json nodes = nlohmann::json::array();
    for (int i = 1; i <= options_.nodes; ++i) {
      nodes.push_back({{"name", name(i)},
                       {"host", "127.0.0.1"},
                       {"cluster_port", port(options_.cluster_port, i)},
                       {"http_port", port(options_.http_port, i)},
                       {"admin_port", port(options_.admin_port, i)},
                       {"data", name(i)}});
    }
    const nlohmann::json document = {{"cluster", "dev"},
                                     {"nodes", std::move(nodes)},
                                     {"limits", {{"rate", "off"}}},
                                     {"secrets", {{"master_key_file", "master.key"}}}};
    std::ofstream file(config());
    file << document.dump(1) << "\n";
    if (!file.flush()) return Error{config() + " cannot be written"};
    return {};
  }

  void start(int i) {
    std::vector<std::string> words = {"stoa", "node", "--config", config(), "--name", name(i)};
    if (i == 1 && !options_.empty) {
      words.insert(words.end(),
                   {"--demo-shop", std::to_string(options_.seed_products) + ":" + std::to_string(options_.seed_users)});
    }
    const pid_t parent = getpid();
    const pid_t child = fork();
    if (child != 0) {
      children_[child] = i;
      return;
    }
    sigprocmask(SIG_SETMASK, &before_, nullptr);
    setpgid(0, 0);  // Ctrl-C is for the parent, which ends its children in good order
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) _exit(kExitFailure);
    const int out = open(log(i).c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    const int in = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (out < 0 || in < 0) _exit(kExitFailure);
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    execv("/proc/self/exe", arguments.data());
    _exit(kExitFailure);
  }

  // Waits for a signal, at most for the given time, and does what it asks for.
  void look(const timespec* at_most) {
    siginfo_t info{};
    const int signal = at_most ? sigtimedwait(&signals_, &info, at_most) : sigwaitinfo(&signals_, &info);
    if (signal == SIGINT || signal == SIGTERM) ended_ = true;
    if (signal == SIGCHLD) reap();
  }

  void reap() {
    int status = 0;
    for (pid_t child = 0; (child = waitpid(-1, &status, WNOHANG)) > 0;) {
      const int i = children_[child];
      children_.erase(child);
      lost_ = true;
      if (ended_) continue;
      std::cout << name(i) << " has ended ("
                << (WIFSIGNALED(status) ? "signal " + std::to_string(WTERMSIG(status))
                                        : "exit code " + std::to_string(WEXITSTATUS(status)))
                << "); its log is " << log(i) << "\n  again: stoa node --config " << config() << " --name " << name(i)
                << "\n"
                << std::flush;
    }
  }

  bool ready(int i) const {
    const AdminAddress address{"127.0.0.1", std::to_string(port(options_.admin_port, i))};
    return admin_get(address, "/readyz", kAskTimeoutMs).ok();
  }

  int wait_until_ready() {
    std::cout << "starting " << options_.nodes << " nodes in " << home_ << (options_.empty ? "" : ", with a demo shop")
              << "\n"
              << std::flush;
    const timespec moment{0, kLookEveryMs * 1'000'000};
    int next = 1;
    for (int64_t looks = 0; next <= options_.nodes && !ended_; ++looks) {
      if (lost_) return kExitFailure;
      if (looks * kLookEveryMs > kReadyLimitS * 1000) return failed("the nodes are not ready; see " + log(next));
      if (ready(next)) {
        std::cout << "  " << name(next) << " is ready\n" << std::flush;
        ++next;
      } else {
        look(&moment);
      }
    }
    return kExitSuccess;
  }

  void print_welcome() const {
    std::cout << "\nStoa is ready: a cluster of " << options_.nodes << " nodes on this machine.\n";
    for (int i = 1; i <= options_.nodes; ++i) {
      const auto pid = std::find_if(children_.begin(), children_.end(), [&](const auto& c) { return c.second == i; });
      std::cout << "  " << name(i) << "  API http://127.0.0.1:" << port(options_.http_port, i)
                << "  admin http://127.0.0.1:" << port(options_.admin_port, i) << "  pid "
                << (pid == children_.end() ? 0 : pid->first) << "  log " << log(i) << "\n";
    }
    if (!options_.empty) {
      std::cout << "\nDEMO LOGINS, for this machine only; all with the password " << kDemoPassword << "\n"
                << "  customer@demo.stoa  merchant@demo.stoa  carrier@demo.stoa  admin@demo.stoa\n";
    }
    std::cout << "\nSee who leads what:\n  stoa cluster shards --attach 127.0.0.1:" << options_.admin_port
              << "\nCtrl-C stops it.\n"
              << std::flush;
  }

  void stop_children() {
    ended_ = true;
    for (const auto& [child, i] : children_) kill(child, SIGTERM);
    while (!children_.empty()) look(nullptr);
  }

  const DevOptions options_;
  const std::string home_;
  std::unique_ptr<PosixDisk> disk_;  // held: two of these would start the same nodes
  sigset_t signals_{}, before_{};
  std::map<pid_t, int> children_;
  bool ended_ = false;
  bool lost_ = false;
};

}  // namespace

int run_dev_cluster(const DevOptions& options) { return DevCluster(options).run(); }

}  // namespace stoa
