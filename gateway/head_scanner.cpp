#include "gateway/head_scanner.hpp"

namespace stoa {
namespace {

// The request-line besides its target: the longest method that is let through, the version and two spaces.
constexpr size_t kAroundTarget = 64;

size_t target_length(std::string_view request_line) {
  const size_t first = request_line.find(' ');
  if (first == std::string_view::npos) return 0;
  const size_t second = request_line.find(' ', first + 1);
  return (second == std::string_view::npos ? request_line.size() : second) - first - 1;
}

}  // namespace

HeadScanner::Verdict HeadScanner::refuse(int status, std::string_view code, std::string_view detail) {
  fault_ = {status, code, detail};
  return Verdict::kFault;
}

std::optional<HeadScanner::Verdict> HeadScanner::end_line(std::string_view line, const ConnectionLimits& limits) {
  if (line.empty() || line.back() != '\r') return refuse(400, "malformed_request", "a line must end with CR LF");
  line.remove_suffix(1);
  if (line.find('\r') != line.npos) return refuse(400, "malformed_request", "a CR within a line");
  if (line.find('\0') != line.npos) return refuse(400, "malformed_request", "a NUL byte in the head");
  if (line.empty()) {
    if (lines_ == 0) return refuse(400, "malformed_request", "the request-line is empty");
    return Verdict::kComplete;
  }
  if (lines_ == 0 && target_length(line) > limits.target_bytes) {
    return refuse(414, "uri_too_long", "the request target is too long");
  }
  if (lines_ > 0 && (line.front() == ' ' || line.front() == '\t')) {
    return refuse(400, "malformed_request", "folded header lines are not accepted");
  }
  if (lines_ > limits.header_count) return refuse(431, "headers_too_large", "too many header fields");
  ++lines_;
  return std::nullopt;
}

HeadScanner::Verdict HeadScanner::scan(std::string_view bytes, const ConnectionLimits& limits) {
  for (;;) {
    const size_t end = bytes.find('\n', seen_);
    if (end == bytes.npos) break;
    const std::string_view line = bytes.substr(line_, end - line_);
    line_ = seen_ = end + 1;
    if (line_ > limits.head_bytes) return refuse(431, "headers_too_large", "the header fields are too large");
    if (const auto verdict = end_line(line, limits)) return *verdict;
  }
  seen_ = bytes.size();
  if (bytes.find('\0', line_) != bytes.npos) return refuse(400, "malformed_request", "a NUL byte in the head");
  if (lines_ == 0 && bytes.size() > limits.target_bytes + kAroundTarget) {
    return refuse(414, "uri_too_long", "the request target is too long");
  }
  if (bytes.size() > limits.head_bytes) return refuse(431, "headers_too_large", "the header fields are too large");
  return Verdict::kMore;
}

}  // namespace stoa
