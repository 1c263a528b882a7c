#include "bench/checkout/scrape.hpp"

#include <cstdlib>

#include "bench/checkout/http_call.hpp"

namespace stoa::bench {

std::map<std::string, double> sums_of(std::string_view prometheus_text) {
  std::map<std::string, double> sums;
  while (!prometheus_text.empty()) {
    const size_t end = prometheus_text.find('\n');
    const std::string line(prometheus_text.substr(0, end));
    prometheus_text.remove_prefix(end == std::string_view::npos ? prometheus_text.size() : end + 1);
    const size_t value = line.rfind(' ');
    if (line.empty() || line[0] == '#' || value == std::string::npos) continue;
    const std::string name = line.substr(0, line.find_first_of("{ "));
    if (name.size() > 7 && name.compare(name.size() - 7, 7, "_bucket") == 0) continue;
    sums[name] += std::strtod(line.c_str() + value, nullptr);
  }
  return sums;
}

std::map<std::string, double> scrape(uint16_t admin_port) {
  return sums_of(http_call(admin_port, http_request("GET", "/metrics", "", "")).body);
}

std::map<std::string, double> growth(const std::map<std::string, double>& before,
                                     const std::map<std::string, double>& after) {
  std::map<std::string, double> grown;
  for (const auto& [name, value] : after) {
    const auto was = before.find(name);
    grown[name] = value - (was == before.end() ? 0 : was->second);
  }
  return grown;
}

}  // namespace stoa::bench
