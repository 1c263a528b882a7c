#include "bench/checkout/contest.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "bench/checkout/workplace.hpp"

namespace stoa::bench {
namespace {

constexpr int kFloorMissed = 10;
constexpr int kInterrupted = 130;

bool parse(int argc, char** argv, ContestOptions& options) {
  for (int i = 1; i < argc; i += 2) {
    if (i + 1 == argc) return false;
    const std::string name = argv[i], value = argv[i + 1];
    if (name == "--stoa") {
      options.stoa = value;
    } else if (name == "--directory") {
      options.directory = value;
    } else if (name == "--seconds") {
      options.seconds = std::atof(value.c_str());
    } else if (name == "--rounds") {
      options.rounds = std::atoi(value.c_str());
    } else if (name == "--json") {
      options.json = value;
    } else if (const auto own = options.more.find(name); own != options.more.end()) {
      own->second = value;
    } else {
      return false;
    }
  }
  return options.seconds > 0 && options.rounds > 0;
}

}  // namespace

void say(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  stop_if_interrupted();
}

void take_turns(const ContestOptions& options, Report& report, const std::function<void(double seconds)>& round) {
  say("warming up");
  round(options.seconds / 4);
  report.forget_rows();
  for (int i = 1; i <= options.rounds; ++i) {
    say("round " + std::to_string(i) + " of " + std::to_string(options.rounds));
    round(options.seconds);
  }
}

int contest_main(const ContestProgram& program, int argc, char** argv) {
  ContestOptions options;
  options.more = program.more;
  if (argc == 2 && std::strcmp(argv[1], "--help") == 0) {
    std::fputs(program.usage, stdout);
    return 0;
  }
  if (!parse(argc, argv, options) || !program.fits(options)) {
    std::fputs(program.usage, stderr);
    return 2;
  }
  watch_signals();
  try {
    Report report = program.run(options);
    report.print(stdout);
    if (!options.json.empty()) std::ofstream(options.json) << report.json().dump(2) << "\n";
    return report.passed() ? 0 : kFloorMissed;
  } catch (const Interrupted&) {
    std::fprintf(stderr, "%s: interrupted\n", program.name);
    return kInterrupted;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", program.name, error.what());
    return 1;
  }
}

}  // namespace stoa::bench
