#include "app/inspect_screen.hpp"

#include <cstdio>
#include <optional>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.hpp"
#include "inspector/actor_screen.hpp"

namespace stoa {
namespace {

constexpr int kTimeoutMs = 5000;
constexpr int kRefreshMs = 1000;

// The terminal as the list wants it (each key at once, another screen), given back in the end.
class Terminal {
 public:
  Terminal() {
    tcgetattr(STDIN_FILENO, &before_);
    termios raw = before_;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO | ISIG);
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    write("\x1b[?1049h\x1b[?25l");
  }
  ~Terminal() {
    write("\x1b[?25h\x1b[?1049l");
    tcsetattr(STDIN_FILENO, TCSANOW, &before_);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  void paint(const ActorView& view, const ScreenChoice& choice) {
    winsize size{};
    ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
    std::string out = "\x1b[H";
    for (const std::string& line : actor_screen(view, choice, size.ws_col, size.ws_row)) {
      out += out.size() > 3 ? "\r\n" : "";
      out += line + "\x1b[K";
    }
    write(out + "\x1b[J");
  }

  // The next key, or nothing within that time. 'q' when the terminal is gone.
  std::optional<char> key(int wait_ms) {
    pollfd in{STDIN_FILENO, POLLIN, 0};
    if (poll(&in, 1, wait_ms) <= 0) return std::nullopt;
    char c = 0;
    return read(STDIN_FILENO, &c, 1) == 1 ? c : 'q';
  }

 private:
  static void write(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
  }
  termios before_{};
};

// What the keys have chosen so far.
struct Keys {
  ScreenChoice choice;
  bool typing_filter = false;
  bool quit = false;

  void press(char key) {
    if (typing_filter) return type(key);
    constexpr char kControlC = 3;
    if (key == 'q' || key == kControlC) quit = true;
    if (key == 'p') choice.frozen = !choice.frozen;
    if (key == '/') choice.filter.clear(), typing_filter = true;
    if (is_sort_key(key)) choice.sort = key;
  }

 private:
  void type(char key) {
    constexpr char kBackspace = 0x7f;
    if (key == '\n' || key == '\r' || key == '\x1b') {
      typing_filter = false;
    } else if (key == kBackspace) {
      if (!choice.filter.empty()) choice.filter.pop_back();
    } else if (key >= ' ') {
      choice.filter += key;
    }
  }
};

}  // namespace

Result<void> watch_actors(const AdminAddress& address) {
  if (isatty(STDIN_FILENO) == 0 || isatty(STDOUT_FILENO) == 0) {
    return Error{"this is no terminal; --once prints the list and ends"};
  }
  // Asked before the screen is taken, so that a node that is not there is told on the screen that the person sees.
  auto answer = admin_get(address, kInspectPath, kTimeoutMs);
  if (!answer) return answer.error();
  const SystemClock clock;
  Terminal terminal;
  Keys keys;
  ActorView shown;
  int64_t asked_ns = 0;
  while (!keys.quit) {
    const int64_t passed_ms = (clock.monotonic_ns() - asked_ns) / 1'000'000;
    if (passed_ms >= kRefreshMs && !keys.choice.frozen) {
      if (asked_ns != 0) answer = admin_get(address, kInspectPath, kTimeoutMs);
      if (!answer) return answer.error();
      auto view = read_actor_view(*answer);
      if (!view) return view.error();
      shown = std::move(*view);
      asked_ns = clock.monotonic_ns();
    }
    terminal.paint(shown, keys.choice);
    if (const auto key = terminal.key(kRefreshMs / 4)) keys.press(*key);
  }
  return {};
}

}  // namespace stoa
