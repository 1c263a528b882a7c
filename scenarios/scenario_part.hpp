// A part of a scenario file while it is being read: a JSON value and the path of its key, for messages.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace stoa::scenarios {

// The first fault wins; after it every read returns an empty value. The root outlives its parts.
class ScenarioPart {
 public:
  ScenarioPart(nlohmann::json value, std::string path, std::string& fault)
      : value_(std::move(value)), path_(std::move(path)), fault_(fault) {}

  bool ok() const { return fault_.empty(); }
  bool present() const { return !value_.is_null(); }
  const std::string& path() const { return path_; }
  void refuse(const std::string& why) const;  // "PATH: why"

  ScenarioPart key(std::string_view name) const;
  ScenarioPart item(size_t at) const;  // from 0; called [at + 1], as Lua counts
  size_t size() const { return value_.size(); }
  std::vector<std::string> names() const;  // of an object, in order

  // Each refuses what is not there, of another type or out of range.
  void must_be_list() const;
  void must_be_table() const;
  void only(std::initializer_list<std::string_view> names) const;
  std::string text() const;
  uint64_t whole(uint64_t low, uint64_t high) const;
  double number(double low, double high) const;
  int64_t duration_ns() const;  // above 0

 private:
  nlohmann::json value_;
  std::string path_;
  std::string& fault_;
};

}  // namespace stoa::scenarios
