#include "base/json.hpp"

#include <set>
#include <string>
#include <vector>

namespace stoa {
namespace {

using nlohmann::json;

// Builds the document and stops at the first breach of a rule the library itself lets pass.
class StrictBuilder : public nlohmann::json_sax<json> {
 public:
  StrictBuilder(json& root, size_t max_depth) : root_(root), max_depth_(max_depth) {}

  bool null() override { return add(json()); }
  bool boolean(bool v) override { return add(json(v)); }
  bool number_integer(number_integer_t v) override { return add(json(v)); }
  bool number_unsigned(number_unsigned_t v) override { return add(json(v)); }
  bool number_float(number_float_t v, const string_t&) override { return add(json(v)); }
  bool string(string_t& v) override { return add(json(std::move(v))); }
  bool binary(binary_t&) override { return fail("binary is not JSON"); }
  bool start_object(size_t) override { return open(json::object()); }
  bool end_object() override { return close(); }
  bool start_array(size_t) override { return open(json::array()); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    if (open_.back()->contains(name)) return fail("duplicate member \"" + name + "\"");
    key_ = std::move(name);
    return true;
  }
  bool parse_error(size_t at, const std::string&, const json::exception&) override {
    return fail("not JSON at byte " + std::to_string(at));
  }

  const std::string& fault() const { return fault_; }

 private:
  bool fail(std::string what) {
    if (fault_.empty()) fault_ = std::move(what);
    return false;
  }
  json* put(json&& v) {
    if (open_.empty()) return &(root_ = std::move(v));
    if (open_.back()->is_array()) return &open_.back()->emplace_back(std::move(v));
    return &((*open_.back())[key_] = std::move(v));
  }
  bool add(json&& v) { return put(std::move(v)), true; }
  bool open(json&& v) {
    if (open_.size() >= max_depth_) return fail("nested deeper than " + std::to_string(max_depth_) + " levels");
    open_.push_back(put(std::move(v)));
    return true;
  }
  bool close() { return open_.pop_back(), true; }

  json& root_;
  size_t max_depth_;
  std::vector<json*> open_;
  std::string key_;
  std::string fault_;
};

}  // namespace

Result<json> parse_json(std::string_view text, size_t max_depth) {
  json root;
  StrictBuilder builder(root, max_depth);
  if (!json::sax_parse(text.begin(), text.end(), &builder)) return Error{builder.fault()};
  return root;
}

}  // namespace stoa
