// A password, a key, a token: text that cannot be printed, logged or put into JSON by accident.
#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace stoa {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept : text_(std::exchange(other.text_, {})) {}
  Secret& operator=(Secret other) noexcept {
    text_.swap(other.text_);
    return *this;
  }
  // What it held does not stay behind in freed memory.
  ~Secret() { wipe(); }

  // The text itself, valid while this object lives. Every use of it is a place to review.
  std::string_view reveal() const { return text_; }
  bool empty() const { return text_.empty(); }

 private:
  void wipe() {
    volatile char* at = text_.data();
    for (size_t i = 0; i < text_.size(); ++i) at[i] = 0;
  }
  std::string text_;
};

std::ostream& operator<<(std::ostream&, const Secret&) = delete;
bool operator==(const Secret&, const Secret&) = delete;  // in constant time, or not at all

}  // namespace stoa
