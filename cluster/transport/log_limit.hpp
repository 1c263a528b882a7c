// Lets a line through that was not said in the last minute: what a peer or a stranger repeats must not fill the log.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace stoa {

class LogLimit {
 public:
  static constexpr int64_t kEveryNs = 60'000'000'000;
  static constexpr size_t kRemembered = 256;

  // Whether to say it now.
  bool pass(const std::string& line, int64_t now_ns) {
    const auto said = said_.find(line);
    if (said != said_.end() && now_ns - said->second < kEveryNs) return false;
    if (said == said_.end() && said_.size() >= kRemembered) said_.clear();
    said_[line] = now_ns;
    return true;
  }

 private:
  std::map<std::string, int64_t> said_;
};

}  // namespace stoa
