// Stoa's own counters, as its admin port shows them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace stoa::bench {

// Each metric's samples added up over their labels, without the buckets of histograms.
std::map<std::string, double> sums_of(std::string_view prometheus_text);
std::map<std::string, double> scrape(uint16_t admin_port);

// By how much each one grew.
std::map<std::string, double> growth(const std::map<std::string, double>& before,
                                     const std::map<std::string, double>& after);

}  // namespace stoa::bench
