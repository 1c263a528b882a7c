#include "gateway/compression.hpp"

#include <algorithm>
#include <zlib.h>

#include "gateway/request_head.hpp"

namespace stoa {
namespace {

constexpr int kLevel = 1;  // the loop answers others meanwhile
constexpr int kGzipWindow = 15 + 16;

bool is_refused(std::string_view parameters) {
  const size_t at = parameters.find("q=");
  if (at == parameters.npos) return false;
  return parameters.substr(at + 2).find_first_of("123456789") == parameters.npos;
}

}  // namespace

bool accepts_gzip(std::string_view accept_encoding) {
  bool any = false;
  while (!accept_encoding.empty()) {
    const size_t end = std::min(accept_encoding.find(','), accept_encoding.size());
    const std::string_view one = accept_encoding.substr(0, end);
    const size_t mark = std::min(one.find(';'), one.size());
    const std::string_view name = trimmed(one.substr(0, mark));
    const bool taken = !is_refused(one.substr(mark));
    if (same_token(name, "gzip")) return taken;
    any = any || (name == "*" && taken);
    accept_encoding.remove_prefix(std::min(end + 1, accept_encoding.size()));
  }
  return any;
}

std::optional<std::string> gzipped(std::string_view plain) {
  z_stream z{};
  if (deflateInit2(&z, kLevel, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK) return std::nullopt;
  std::string out(deflateBound(&z, plain.size()), '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(plain.data()));
  z.avail_in = static_cast<uInt>(plain.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  const bool done = deflate(&z, Z_FINISH) == Z_STREAM_END;
  out.resize(z.total_out);
  deflateEnd(&z);
  if (!done) return std::nullopt;
  return out;
}

}  // namespace stoa
