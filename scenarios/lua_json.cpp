#include "scenarios/lua_json.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <lua.hpp>
#include <nlohmann/json.hpp>
#include <vector>

namespace stoa::scenarios {
namespace {

constexpr int kDeepest = 64;
constexpr const char* kArray = "stoa.array";

// Builds the value on the Lua stack while the text is read.
class Builder : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit Builder(lua_State* lua) : lua_(lua) {}

  bool null() override {
    if (in_object()) return lua_pop(lua_, 1), true;  // the key: an absent field
    lua_pushlightuserdata(lua_, nullptr);
    return attach();
  }
  bool boolean(bool value) override { return lua_pushboolean(lua_, value), attach(); }
  bool number_integer(number_integer_t value) override { return lua_pushinteger(lua_, value), attach(); }
  bool number_unsigned(number_unsigned_t value) override {
    if (value > static_cast<uint64_t>(LUA_MAXINTEGER)) {
      lua_pushnumber(lua_, static_cast<double>(value));
    } else {
      lua_pushinteger(lua_, static_cast<lua_Integer>(value));
    }
    return attach();
  }
  bool number_float(number_float_t value, const string_t&) override { return lua_pushnumber(lua_, value), attach(); }
  bool string(string_t& value) override { return lua_pushlstring(lua_, value.data(), value.size()), attach(); }
  bool binary(binary_t&) override { return false; }
  bool key(string_t& value) override { return lua_pushlstring(lua_, value.data(), value.size()), true; }

  bool start_object(size_t) override { return start(kObject); }
  bool start_array(size_t) override { return start(0); }
  bool end_object() override { return levels_.pop_back(), attach(); }
  bool end_array() override {
    if (levels_.back() == 0) luaL_setmetatable(lua_, kArray);
    return levels_.pop_back(), attach();
  }
  bool parse_error(size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

 private:
  static constexpr lua_Integer kObject = -1;

  bool in_object() const { return !levels_.empty() && levels_.back() == kObject; }
  bool start(lua_Integer kind) {
    if (levels_.size() >= kDeepest || !lua_checkstack(lua_, 8)) return false;
    lua_newtable(lua_);
    levels_.push_back(kind);
    return true;
  }
  // Puts the value on top into the table below it; the outermost one stays.
  bool attach() {
    if (levels_.empty()) return true;
    if (in_object()) return lua_rawset(lua_, -3), true;
    return lua_rawseti(lua_, -2, ++levels_.back()), true;
  }

  lua_State* lua_;
  std::vector<lua_Integer> levels_;  // the length so far of an array, or kObject
};

class Writer {
 public:
  Writer(lua_State* lua, std::string& out, std::string& error) : lua_(lua), out_(out), error_(error) {}

  bool value(int index, int depth) {
    if (depth > kDeepest) return refuse("nests too deep, or holds itself");
    if (!lua_checkstack(lua_, 8)) return refuse("nests too deep");
    switch (lua_type(lua_, index)) {
      case LUA_TNIL:
        return out_ += "null", true;
      case LUA_TBOOLEAN:
        return out_ += lua_toboolean(lua_, index) ? "true" : "false", true;
      case LUA_TNUMBER:
        return number(index);
      case LUA_TSTRING:
        return text(view(index)), true;
      case LUA_TTABLE:
        return table(lua_absindex(lua_, index), depth);
      case LUA_TLIGHTUSERDATA:
        if (lua_touserdata(lua_, index) == nullptr) return out_ += "null", true;
        break;
      default:
        break;
    }
    return refuse(std::string("is a ") + luaL_typename(lua_, index) + ", which JSON cannot say");
  }

 private:
  bool refuse(const std::string& why) {
    error_ = (path_.empty() ? std::string("the value") : path_) + " " + why;
    return false;
  }
  std::string_view view(int index) {
    size_t size = 0;
    const char* data = lua_tolstring(lua_, index, &size);
    return {data, size};
  }

  bool number(int index) {
    char digits[40];
    constexpr double kExact = 9007199254740992;  // 2^53: up to here a float that is whole is written as whole
    if (lua_isinteger(lua_, index)) {
      std::snprintf(digits, sizeof digits, "%lld", static_cast<long long>(lua_tointeger(lua_, index)));
    } else {
      const double value = lua_tonumber(lua_, index);
      if (!std::isfinite(value)) return refuse("is not a finite number");
      const bool whole = value == std::floor(value) && std::abs(value) <= kExact;
      std::snprintf(digits, sizeof digits, whole ? "%.0f" : "%.17g", value);
    }
    out_ += digits;
    return true;
  }

  void text(std::string_view value) {
    out_ += '"';
    for (const char c : value) {
      if (c == '"' || c == '\\') {
        out_ += '\\';
        out_ += c;
      } else if (static_cast<unsigned char>(c) < 0x20) {
        char escaped[8];
        std::snprintf(escaped, sizeof escaped, "\\u%04x", static_cast<unsigned>(c));
        out_ += escaped;
      } else {
        out_ += c;
      }
    }
    out_ += '"';
  }

  bool is_marked_array(int index) {
    if (!lua_getmetatable(lua_, index)) return false;
    luaL_getmetatable(lua_, kArray);
    const bool same = lua_rawequal(lua_, -1, -2);
    lua_pop(lua_, 2);
    return same;
  }

  bool table(int index, int depth) {
    // Keys are views into strings that the table itself keeps alive.
    std::vector<std::string_view> names;
    size_t others = 0;
    for (lua_pushnil(lua_); lua_next(lua_, index); lua_pop(lua_, 1)) {
      if (lua_type(lua_, -2) == LUA_TSTRING) {
        names.push_back(view(-2));
      } else {
        ++others;
      }
    }
    const size_t length = lua_rawlen(lua_, index);
    if (others == 0 && !(names.empty() && is_marked_array(index))) return object(index, depth, names);
    if (!names.empty()) return refuse("has both places and names; JSON knows lists and objects");
    if (others != length) return refuse("is a list with holes, or has keys that are neither names nor places");
    return list(index, depth, length);
  }

  bool list(int index, int depth, size_t length) {
    out_ += '[';
    for (size_t at = 1; at <= length; ++at) {
      if (at > 1) out_ += ',';
      lua_rawgeti(lua_, index, static_cast<lua_Integer>(at));
      if (!member("[" + std::to_string(at) + "]", depth)) return false;
    }
    out_ += ']';
    return true;
  }

  bool object(int index, int depth, std::vector<std::string_view>& names) {
    std::sort(names.begin(), names.end());
    out_ += '{';
    for (const std::string_view name : names) {
      if (out_.back() != '{') out_ += ',';
      text(name);
      out_ += ':';
      lua_pushlstring(lua_, name.data(), name.size());
      lua_rawget(lua_, index);
      if (!member((path_.empty() ? "" : ".") + std::string(name), depth)) return false;
    }
    out_ += '}';
    return true;
  }

  // The member on top of the stack, which it takes off.
  bool member(const std::string& step, int depth) {
    const size_t length = path_.size();
    path_ += step;
    const bool written = value(lua_gettop(lua_), depth + 1);
    path_.resize(length);
    lua_pop(lua_, 1);
    return written;
  }

  lua_State* lua_;
  std::string& out_;
  std::string& error_;
  std::string path_;
};

int make_array(lua_State* lua) {
  luaL_checktype(lua, 1, LUA_TTABLE);
  lua_settop(lua, 1);
  luaL_setmetatable(lua, kArray);
  return 1;
}

}  // namespace

bool push_json(lua_State* lua, std::string_view text) {
  const int top = lua_gettop(lua);
  if (!lua_checkstack(lua, 8)) return false;
  Builder builder(lua);
  if (nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) return true;
  lua_settop(lua, top);
  return false;
}

bool write_json(lua_State* lua, int index, std::string& out, std::string& error) {
  const int top = lua_gettop(lua);
  const bool written = Writer(lua, out, error).value(lua_absindex(lua, index), 0);
  lua_settop(lua, top);
  return written;
}

void open_json(lua_State* lua) {
  luaL_newmetatable(lua, kArray);
  lua_pop(lua, 1);
  lua_pushlightuserdata(lua, nullptr);
  lua_setglobal(lua, "null");
  lua_pushcfunction(lua, make_array);
  lua_setglobal(lua, "array");
}

}  // namespace stoa::scenarios
