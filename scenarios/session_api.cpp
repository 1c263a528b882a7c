#include "scenarios/session_api.hpp"

#include <cmath>
#include <lua.hpp>

#include "scenarios/lua_json.hpp"
#include "scenarios/quantity.hpp"
#include "scenarios/streams.hpp"

// Lua raises errors and waits with longjmp. So a function that raises or yields holds no C++ object with a destructor:
// the work is done by a function that returns whether it went well and leaves the reason in session.problem.

namespace stoa::scenarios {
namespace {

// The fields of an answer that are decoded only when they are asked for.
const char kRawBody = 0;
const char kRawHeaders = 0;

SessionHost& host_of(lua_State* lua) { return *static_cast<SessionHost*>(lua_touserdata(lua, lua_upvalueindex(1))); }

Session& running(lua_State* lua) {
  Session* session = session_of(lua);
  if (session == nullptr) luaL_error(lua, "s can be used in setup and in flows only");
  return *session;
}

int raise(lua_State* lua, const Session& session) {
  luaL_where(lua, 1);
  lua_pushlstring(lua, session.problem.data(), session.problem.size());
  lua_concat(lua, 2);
  return lua_error(lua);
}

std::string_view view(lua_State* lua, int index) {
  size_t size = 0;
  const char* data = lua_tolstring(lua, index, &size);
  return {data == nullptr ? "" : data, size};
}

bool same_as(std::string_view name, std::string_view lower) {
  if (name.size() != lower.size()) return false;
  for (size_t at = 0; at < name.size(); ++at) {
    if ((name[at] | 0x20) != lower[at] && name[at] != lower[at]) return false;
  }
  return true;
}

bool take_headers(lua_State* lua, int index, Session& session, bool& typed) {
  if (lua_isnoneornil(lua, index)) return true;
  if (!lua_istable(lua, index)) return session.problem = "headers must be a table of names and values", false;
  // In Lua's own order the same request would differ from run to run; the json writer's order is by name.
  std::string lines;
  for (lua_pushnil(lua); lua_next(lua, index); lua_pop(lua, 1)) {
    const bool plain = lua_type(lua, -2) == LUA_TSTRING && lua_isstring(lua, -1);
    lua_pushvalue(lua, -1);
    const std::string_view value = plain ? view(lua, -1) : "";
    const std::string_view name = plain ? view(lua, -3) : "";
    if (!plain || !is_header_name(name) || !is_header_value(value)) {
      session.problem = "headers hold a name or a value that HTTP cannot send";
      return false;
    }
    typed = typed || same_as(name, "content-type");
    session.own_authorization = session.own_authorization || same_as(name, "authorization");
    std::string line(name);
    line.append(": ").append(value).append("\r\n");
    // Insertion in order: there are few.
    size_t at = 0;
    while (at < lines.size() && lines.compare(at, lines.find("\r\n", at) - at, line) < 0)
      at = lines.find("\r\n", at) + 2;
    lines.insert(at, line);
    lua_pop(lua, 1);
  }
  session.request.headers += lines;
  return true;
}

// s:METHOD(path[, body][, headers]); get and delete may leave the body out: s:get(path, headers).
bool take_request(lua_State* lua, Session& session, const char* method) {
  HttpRequest& request = session.request;
  request.method = method;
  request.headers.clear();
  request.body.clear();
  session.own_authorization = false;
  if (lua_type(lua, 2) != LUA_TSTRING || !is_request_path(view(lua, 2))) {
    return session.problem = "the path must be a text that begins with / and holds no spaces", false;
  }
  request.path = view(lua, 2);
  const bool bodiless = request.method == "GET" || request.method == "DELETE";
  const bool swapped = bodiless && lua_gettop(lua) == 3;
  bool typed = false;
  if (!take_headers(lua, swapped ? 3 : 4, session, typed)) return false;
  if (swapped || lua_isnoneornil(lua, 3)) return true;
  if (lua_type(lua, 3) == LUA_TSTRING) {
    request.body = view(lua, 3);
  } else if (!write_json(lua, 3, request.body, session.problem)) {
    session.problem = "body: " + session.problem;
    return false;
  }
  if (!typed) request.headers += "Content-Type: application/json\r\n";
  return true;
}

int answered(lua_State* lua, int, lua_KContext) {
  Session& session = *session_of(lua);
  const HttpResponse& response = session.response;
  lua_createtable(lua, 0, 5);
  lua_pushinteger(lua, response.status);
  lua_setfield(lua, -2, "status");
  lua_pushnumber(lua, session.response_ms);
  lua_setfield(lua, -2, "ms");
  if (response.status == 0) {
    lua_pushlstring(lua, response.error.data(), response.error.size());
    lua_setfield(lua, -2, "error");
  }
  lua_pushlstring(lua, response.body.data(), response.body.size());
  lua_rawsetp(lua, -2, &kRawBody);
  lua_pushlstring(lua, response.headers.data(), response.headers.size());
  lua_rawsetp(lua, -2, &kRawHeaders);
  luaL_setmetatable(lua, "stoa.response");
  return 1;
}

int ask(lua_State* lua) {
  Session& session = running(lua);
  if (!take_request(lua, session, lua_tostring(lua, lua_upvalueindex(2)))) return raise(lua, session);
  host_of(lua).request(session);
  return lua_yieldk(lua, 0, 0, answered);
}

void push_headers(lua_State* lua, std::string_view lines) {
  lua_newtable(lua);
  while (!lines.empty()) {
    const size_t end = std::min(lines.find('\n'), lines.size());
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(std::min(end + 1, lines.size()));
    const size_t colon = line.find(": ");
    if (colon == std::string_view::npos || colon > 256) continue;
    char name[257];
    for (size_t at = 0; at < colon; ++at) {
      name[at] = line[at] >= 'A' && line[at] <= 'Z' ? static_cast<char>(line[at] | 0x20) : line[at];
    }
    lua_pushlstring(lua, name, colon);
    lua_pushlstring(lua, line.data() + colon + 2, line.size() - colon - 2);
    lua_rawset(lua, -3);
  }
  luaL_setmetatable(lua, "stoa.headers");
}

// The field of an answer that is not there yet: its body or its headers.
int response_field(lua_State* lua) {
  const std::string_view key = view(lua, 2);
  if (key != "body" && key != "headers") return 0;
  lua_rawgetp(lua, 1, &kRawHeaders);
  if (key == "headers") {
    push_headers(lua, view(lua, -1));
  } else {
    const std::string_view head = view(lua, -1);
    const bool json = head.find("json") != std::string_view::npos;
    lua_rawgetp(lua, 1, &kRawBody);
    if (json && lua_rawlen(lua, -1) > 0) push_json(lua, view(lua, -1));  // else the text itself stays on top
  }
  lua_pushvalue(lua, 2);
  lua_pushvalue(lua, -2);
  lua_rawset(lua, 1);
  return 1;
}

int header_field(lua_State* lua) {
  if (lua_type(lua, 2) != LUA_TSTRING) return 0;
  luaL_Buffer lowered;
  luaL_buffinit(lua, &lowered);
  for (const char c : view(lua, 2)) luaL_addchar(&lowered, c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c);
  luaL_pushresult(&lowered);
  lua_rawget(lua, 1);
  return 1;
}

// A duration as scripts write it: "500ms", or a number of seconds. Negative when it is neither.
int64_t duration_at(lua_State* lua, int index) {
  if (lua_type(lua, index) == LUA_TNUMBER) {
    const double seconds = lua_tonumber(lua, index);
    return seconds >= 0 && seconds <= 3600 ? static_cast<int64_t>(seconds * 1e9) : -1;
  }
  return lua_type(lua, index) == LUA_TSTRING ? parse_duration_ns(view(lua, index)).value_or(-1) : -1;
}

int nothing(lua_State*, int, lua_KContext) { return 0; }

int wait(lua_State* lua) {
  Session& session = running(lua);
  const int64_t ns = duration_at(lua, 2);
  if (ns < 0) return luaL_error(lua, "a duration is a text such as \"500ms\", or a number of seconds");
  if (lua_toboolean(lua, lua_upvalueindex(2))) session.think_ns += ns;
  host_of(lua).wait(session, ns);
  return lua_yieldk(lua, 0, 0, nothing);
}

int nanoseconds(lua_State* lua) {
  const int64_t ns = duration_at(lua, 2);
  if (ns < 0) return luaL_error(lua, "a duration is a text such as \"500ms\", or a number of seconds");
  lua_pushinteger(lua, ns);
  return 1;
}

int now(lua_State* lua) { return lua_pushinteger(lua, host_of(lua).now_ns()), 1; }

int check(lua_State* lua) {
  running(lua);
  const char* name = luaL_checkstring(lua, 2);
  const bool ok = lua_toboolean(lua, 3);
  host_of(lua).check(name, ok);
  lua_pushboolean(lua, ok);
  return 1;
}

bool acknowledged(lua_State* lua, Session& session) {
  std::string object;
  if (!write_json(lua, 3, object, session.problem)) return session.problem = "ack: " + session.problem, false;
  const auto done = host_of(lua).acknowledge(session, view(lua, 2), object);
  if (!done) session.problem = done.error().what;
  return done.ok();
}

int acknowledge(lua_State* lua) {
  Session& session = running(lua);
  luaL_checkstring(lua, 2);
  lua_settop(lua, 3);
  return acknowledged(lua, session) ? 0 : raise(lua, session);
}

bool take_login(lua_State* lua, Session& session) {
  lua_rawgetp(lua, 4, &kRawBody);
  return host_of(lua).signed_in(session, std::string(view(lua, 2)), std::string(view(lua, 3)),
                                std::string(view(lua, -1)));
}

// _signed_in(email, password, answer)
int signed_in(lua_State* lua) {
  Session& session = running(lua);
  luaL_checktype(lua, 4, LUA_TTABLE);
  lua_pushboolean(lua, take_login(lua, session));
  return 1;
}

int sign_out(lua_State* lua) { return running(lua).account = nullptr, 0; }

int user(lua_State* lua) {
  const Session& session = running(lua);
  if (session.account == nullptr) return 0;
  lua_pushlstring(lua, session.account->email.data(), session.account->email.size());
  return 1;
}

void push_uuid(lua_State* lua, Session& session) {
  const std::string uuid = uuid_v4(session.random);
  lua_pushlstring(lua, uuid.data(), uuid.size());
}

int uuid(lua_State* lua) {
  push_uuid(lua, running(lua));
  return 1;
}

// uniform() in [0, 1); uniform(low, high) whole and both included.
int uniform(lua_State* lua) {
  Session& session = running(lua);
  if (lua_gettop(lua) < 2) return lua_pushnumber(lua, unit_real(session.random)), 1;
  const lua_Integer low = luaL_checkinteger(lua, 2);
  const lua_Integer high = luaL_checkinteger(lua, 3);
  if (high < low) return luaL_error(lua, "uniform(low, high): low is above high");
  const uint64_t count = static_cast<uint64_t>(high) - static_cast<uint64_t>(low) + 1;
  const uint64_t drawn = count == 0 ? session.random.u64() : session.random.below(count);
  lua_pushinteger(lua, static_cast<lua_Integer>(static_cast<uint64_t>(low) + drawn));
  return 1;
}

uint64_t list_length(lua_State* lua) {
  luaL_checktype(lua, 2, LUA_TTABLE);
  const uint64_t length = lua_rawlen(lua, 2);
  if (length == 0) luaL_error(lua, "an empty list has nothing to choose from");
  return length;
}

int pick(lua_State* lua) {
  Session& session = running(lua);
  const uint64_t length = list_length(lua);
  lua_rawgeti(lua, 2, static_cast<lua_Integer>(session.random.below(length) + 1));
  return 1;
}

int zipf(lua_State* lua) {
  Session& session = running(lua);
  const uint64_t length = list_length(lua);
  const double exponent = luaL_optnumber(lua, 3, 1.0);
  if (!(exponent >= 0 && exponent <= 10)) return luaL_error(lua, "zipf(list, exponent): the exponent is 0 to 10");
  lua_rawgeti(lua, 2, static_cast<lua_Integer>(host_of(lua).zipf(session, length, exponent) + 1));
  return 1;
}

void add_metatable(lua_State* lua, const char* name, lua_CFunction index) {
  luaL_newmetatable(lua, name);
  lua_pushcfunction(lua, index);
  lua_setfield(lua, -2, "__index");
  lua_pop(lua, 1);
}

}  // namespace

Session*& session_of(lua_State* lua) { return *static_cast<Session**>(lua_getextraspace(lua)); }

void push_session_methods(lua_State* lua, SessionHost& host) {
  add_metatable(lua, "stoa.response", response_field);
  add_metatable(lua, "stoa.headers", header_field);
  const luaL_Reg methods[] = {{"check", check},        {"ack", acknowledge}, {"_signed_in", signed_in},
                              {"_sign_out", sign_out}, {"user", user},       {"uuid", uuid},
                              {"uniform", uniform},    {"pick", pick},       {"zipf", zipf},
                              {"_now", now},           {"_ns", nanoseconds}, {nullptr, nullptr}};
  lua_newtable(lua);
  lua_pushlightuserdata(lua, &host);
  luaL_setfuncs(lua, methods, 1);
  const char* const verbs[][2] = {
      {"get", "GET"}, {"post", "POST"}, {"put", "PUT"}, {"patch", "PATCH"}, {"delete", "DELETE"}};
  for (const auto& verb : verbs) {
    lua_pushlightuserdata(lua, &host);
    lua_pushstring(lua, verb[1]);
    lua_pushcclosure(lua, ask, 2);
    lua_setfield(lua, -2, verb[0]);
  }
  for (const bool thinks : {false, true}) {
    lua_pushlightuserdata(lua, &host);
    lua_pushboolean(lua, thinks);
    lua_pushcclosure(lua, wait, 2);
    lua_setfield(lua, -2, thinks ? "think" : "_wait");
  }
}

}  // namespace stoa::scenarios
