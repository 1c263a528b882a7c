#include "base/time.hpp"

#include <cstdio>

namespace stoa {
namespace {

// Days since 1970-01-01 of a proleptic Gregorian date, and back.
// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil and civil_from_days.
int64_t days_from_civil(int64_t y, unsigned m, unsigned d) {
  y -= m <= 2;
  const int64_t era = (y >= 0 ? y : y - 399) / 400;
  const unsigned yoe = static_cast<unsigned>(y - era * 400);
  const unsigned doy = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
  const unsigned doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
  return era * 146097 + static_cast<int64_t>(doe) - 719468;
}

void civil_from_days(int64_t z, int64_t& y, unsigned& m, unsigned& d) {
  z += 719468;
  const int64_t era = (z >= 0 ? z : z - 146096) / 146097;
  const unsigned doe = static_cast<unsigned>(z - era * 146097);
  const unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  y = static_cast<int64_t>(yoe) + era * 400;
  const unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const unsigned mp = (5 * doy + 2) / 153;
  d = doy - (153 * mp + 2) / 5 + 1;
  m = mp < 10 ? mp + 3 : mp - 9;
  y += m <= 2;
}

// Reads digits at a position of a text; any misfit is remembered.
class Digits {
 public:
  explicit Digits(std::string_view text) : text_(text) {}

  unsigned number(size_t count) {
    unsigned value = 0;
    for (size_t i = 0; i < count; ++i) {
      const char c = at_ < text_.size() ? text_[at_++] : '?';
      if (c < '0' || c > '9') fits_ = false;
      value = value * 10 + static_cast<unsigned>(c - '0');
    }
    return value;
  }
  char one() { return at_ < text_.size() ? text_[at_++] : '\0'; }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void expect(bool condition) { fits_ = fits_ && condition; }
  bool fits_to_the_end() const { return fits_ && at_ == text_.size(); }
  bool fits() const { return fits_; }

 private:
  std::string_view text_;
  size_t at_ = 0;
  bool fits_ = true;
};

unsigned days_in_month(unsigned y, unsigned m) {
  static constexpr unsigned kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
  return m == 2 && leap ? 29 : kDays[m - 1];
}

int64_t parse_fraction_ms(Digits& in) {
  int64_t ms = 0;
  int digits = 0;
  for (; in.peek() >= '0' && in.peek() <= '9'; ++digits) {
    const char c = in.one();
    if (digits < 3) ms = ms * 10 + (c - '0');
  }
  in.expect(digits > 0);
  for (; digits < 3; ++digits) ms *= 10;
  return ms;
}

int64_t parse_offset_minutes(Digits& in) {
  const char sign = in.one();
  if (sign == 'Z' || sign == 'z') return 0;
  in.expect(sign == '+' || sign == '-');
  const unsigned h = in.number(2);
  in.expect(in.one() == ':');
  const unsigned m = in.number(2);
  in.expect(h < 24 && m < 60);
  const int64_t minutes = static_cast<int64_t>(h) * 60 + m;
  return sign == '-' ? -minutes : minutes;
}

}  // namespace

std::string to_rfc3339(Time t) {
  int64_t days = t.ms / 86'400'000;
  int64_t rest = t.ms % 86'400'000;
  if (rest < 0) {
    rest += 86'400'000;
    --days;
  }
  int64_t y = 0;
  unsigned m = 0, d = 0;
  civil_from_days(days, y, m, d);
  char out[48];
  std::snprintf(out, sizeof out, "%04lld-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<long long>(y), m, d,
                static_cast<int>(rest / 3'600'000), static_cast<int>(rest / 60'000 % 60),
                static_cast<int>(rest / 1000 % 60), static_cast<int>(rest % 1000));
  return out;
}

std::optional<Time> parse_rfc3339(std::string_view text) {
  Digits in(text);
  const unsigned y = in.number(4);
  in.expect(in.one() == '-');
  const unsigned mo = in.number(2);
  in.expect(in.one() == '-');
  const unsigned d = in.number(2);
  const char t = in.one();
  in.expect(t == 'T' || t == 't' || t == ' ');
  const unsigned h = in.number(2);
  in.expect(in.one() == ':');
  const unsigned mi = in.number(2);
  in.expect(in.one() == ':');
  const unsigned s = in.number(2);
  int64_t ms = 0;
  if (in.peek() == '.') {
    in.one();
    ms = parse_fraction_ms(in);
  }
  const int64_t offset_min = parse_offset_minutes(in);
  if (!in.fits_to_the_end()) return std::nullopt;
  if (y < 1 || mo < 1 || mo > 12 || d < 1 || d > days_in_month(y, mo) || h > 23 || mi > 59 || s > 60) {
    return std::nullopt;
  }
  const int64_t seconds =
      days_from_civil(y, mo, d) * 86'400 + static_cast<int64_t>(h) * 3600 + mi * 60 + s - offset_min * 60;
  return Time{seconds * 1000 + ms};
}

}  // namespace stoa
