#include "bench/checkout/process.hpp"

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <grp.h>
#include <iterator>
#include <map>
#include <pwd.h>
#include <sstream>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/checkout/workplace.hpp"

namespace stoa::bench {
namespace {

// Only calls that are safe after a fork. Returns when the program could not be started.
void become(const ProcessOptions& options, const passwd* user, int log, char* const* arguments) {
  ::setpgid(0, 0);  // a Ctrl-C is for the bench alone, which then stops its servers in order
  if (user != nullptr && (::setgroups(0, nullptr) != 0 || ::setgid(user->pw_gid) != 0 || ::setuid(user->pw_uid) != 0)) {
    return;
  }
  ::prctl(PR_SET_PDEATHSIG, options.stop_signal);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  const int nothing = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ::dup2(nothing, STDIN_FILENO);
  ::execv(arguments[0], arguments);
}

struct Usage {
  pid_t parent = 0;
  double seconds = 0;
};

// The fields behind the name, which may hold spaces itself. False for a process that ended meanwhile: its file may open
// and then fail to be read, where an iterator over the file's buffer throws.
bool read_usage(const std::filesystem::path& stat, Usage& usage) {
  std::ifstream file(stat);
  std::string text;
  if (!std::getline(file, text)) return false;
  const size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return false;
  std::istringstream fields(text.substr(name_end + 1));
  const std::vector<std::string> values{std::istream_iterator<std::string>(fields), {}};
  if (values.size() < 15) return false;
  usage.parent = std::stoi(values[1]);
  usage.seconds = static_cast<double>(std::stoll(values[11]) + std::stoll(values[12])) / double(::sysconf(_SC_CLK_TCK));
  return true;
}

}  // namespace

Process::Process(ProcessOptions options) : options_(std::move(options)) {
  const passwd* user = ::getuid() == 0 && !options_.user.empty() ? ::getpwnam(options_.user.c_str()) : nullptr;
  if (::getuid() == 0 && !options_.user.empty() && user == nullptr) fail("there is no user " + options_.user);
  const int log = ::open(options_.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  std::vector<char*> arguments;
  for (const std::string& argument : options_.command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ == 0) {
    become(options_, user, log, arguments.data());
    ::_exit(127);
  }
  ::close(log);
  if (pid_ < 0) fail("cannot be started");
}

Process::~Process() {
  if (ended()) return;
  ::kill(pid_, options_.stop_signal);
  for (int i = 0; i < 1000 && !ended(); ++i) ::usleep(10'000);
  if (ended()) return;
  ::kill(-pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

bool Process::ended() {
  if (!ended_ && ::waitpid(pid_, &status_, WNOHANG) == pid_) ended_ = true;
  return ended_;
}

void Process::check_running() {
  if (ended()) fail(WIFEXITED(status_) && WEXITSTATUS(status_) == 127 ? "could not be started" : "ended by itself");
}

void Process::wait_for_success(double timeout_s) {
  wait_until([&] { return ended(); }, timeout_s, "the end of " + options_.command[0]);
  if (!WIFEXITED(status_) || WEXITSTATUS(status_) != 0) fail("failed");
}

void Process::fail(const std::string& what) const {
  std::ifstream file(options_.log);
  std::string log{std::istreambuf_iterator<char>(file), {}};
  if (log.size() > 1000) log.erase(0, log.size() - 1000);
  throw std::runtime_error(options_.command[0] + " " + what + (log.empty() ? "" : "; its log ends with:\n" + log));
}

double cpu_seconds(pid_t root) {
  std::map<pid_t, Usage> all;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    Usage usage;
    if (name.find_first_not_of("0123456789") == std::string::npos && read_usage(entry.path() / "stat", usage)) {
      all[std::stoi(name)] = usage;
    }
  }
  double sum = 0;
  for (const auto& [pid, usage] : all) {
    pid_t above = pid;
    while (above != root && all.count(above) != 0) above = all[above].parent;
    if (above == root) sum += usage.seconds;
  }
  return sum;
}

}  // namespace stoa::bench
