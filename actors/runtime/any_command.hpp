// A command or query of some service, its type erased: what the gateway hands to the router.
//
// A command type is a record with `static constexpr std::string_view kName`, unique within its service.
#pragma once

#include <any>
#include <string>
#include <string_view>
#include <utility>

#include "base/record.hpp"

namespace stoa {

class AnyCommand {
 public:
  template <class C>
  static AnyCommand of(C command) {
    AnyCommand a;
    a.name_ = C::kName;
    a.encode_ = [](const std::any& c) { return stoa::encode(std::any_cast<const C&>(c)); };
    a.value_ = std::move(command);
    return a;
  }

  std::string_view name() const { return name_; }
  const std::any& value() const { return value_; }
  // The command itself, without a copy; what is left keeps its name and is only good to be replaced.
  std::any take() && { return std::move(value_); }
  // The encoded record: equal commands give equal bytes.
  std::string encoded() const { return encode_(value_); }

 private:
  std::string_view name_;
  std::string (*encode_)(const std::any&) = nullptr;
  std::any value_;
};

}  // namespace stoa
