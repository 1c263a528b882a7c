#include "scenarios/load.hpp"

#include <iostream>
#include <unistd.h>

#include "app/command_line.hpp"

namespace stoa {

void add_load(CLI::App& root, scenarios::LoadOptions& options, Action& action) {
  CLI::App* load = root.add_subcommand("load", "Run a load scenario and verify what the target promised");
  load->add_option("FILE", options.file, "The scenario, a Lua file")->required();
  load->add_option("--target", options.target, "Where it runs against, http://HOST:PORT, instead of the file's");
  load->add_option("--rate", options.rate, "Scale the load so that its peak is this many iterations a second");
  load->add_option("--duration", options.duration, "Stretch the load so that it takes this long, like 30s");
  load->add_option("--seed", options.seed, "A whole number: the same seed sends the same requests");
  load->add_option("--report", options.report, "Write the result as one HTML page");
  load->add_option("--json", options.json, "Write the result as JSON");
  load->footer(
      "Exit codes: 0 passed, 1 failed, 2 wrong usage, 10 threshold missed, 11 check failed,\n"
      "12 invariant violated, 13 generator too slow.");
  options.terminal = isatty(STDERR_FILENO) != 0;
  load->callback([&] { action = [&] { return scenarios::run_load(options, std::cout, std::cerr); }; });
}

}  // namespace stoa
