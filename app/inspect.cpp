#include <iostream>

#include "app/command_line.hpp"
#include "app/inspect_screen.hpp"
#include "inspector/actor_screen.hpp"

namespace stoa {
namespace {

constexpr int kTimeoutMs = 5000;
constexpr size_t kUnbounded = 1'000'000;

int failed(const std::string& what, int exit_code = kExitFailure) {
  std::cerr << "stoa inspect: " << what << "\n";
  return exit_code;
}

int inspect_once(const AdminAddress& address, bool json) {
  const auto answer = admin_get(address, kInspectPath, kTimeoutMs);
  if (!answer) return failed(answer.error().what);
  if (json) {
    std::cout << *answer << (answer->empty() || answer->back() != '\n' ? "\n" : "");
    return kExitSuccess;
  }
  const auto view = read_actor_view(*answer);
  if (!view) return failed(view.error().what);
  for (const std::string& line : actor_screen(*view, {}, kUnbounded, kUnbounded)) std::cout << line << "\n";
  return kExitSuccess;
}

int run_inspect(const InspectOptions& options) {
  const auto address = parse_admin_address(options.attach);
  if (!address) return failed("--attach: " + address.error().what, kExitUsage);
  if (options.once) return inspect_once(*address, options.json);
  const auto watched = watch_actors(*address);
  return watched ? int{kExitSuccess} : failed(watched.error().what);
}

}  // namespace

void add_inspect(CLI::App& root, InspectOptions& options, Action& action) {
  CLI::App* inspect = root.add_subcommand("inspect", "Watch the actors of a running node");
  inspect->add_option("--attach", options.attach, "HOST:ADMIN_PORT of the node")->capture_default_str();
  inspect->add_option("--view", options.view, "What to show")->check(CLI::IsMember({"actors"}))->capture_default_str();
  CLI::Option* once = inspect->add_flag("--once", options.once, "Print what is now, and end");
  inspect->add_flag("--json", options.json, "As JSON, for programs")->needs(once);
  inspect->footer("Keys: Shift and D, O, R, B, H, N sort; / filters, Enter ends it; p freezes; q quits.");
  inspect->callback([&] { action = [&] { return run_inspect(options); }; });
}

}  // namespace stoa
