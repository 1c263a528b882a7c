#include "scenarios/script.hpp"

#include <cstdio>
#include <lua.hpp>

#include "base/check.hpp"
#include "scenarios/lua_json.hpp"
#include "scenarios/session_api.hpp"

namespace stoa::scenarios {
namespace {

// A coroutine that runs this long without waiting holds up all others: it is a loop that never ends.
constexpr int kTurnInstructions = 5'000'000;
constexpr int kMostTurns = 20;

// What is simpler said in Lua. `pairs` goes by key, for Lua's own order differs from run to run.
constexpr char kPrelude[] = R"lua(
local S, Failed = ...
local raw_next, sort = next, table.sort
function pairs(t)
  local meta = getmetatable(t)
  if meta and meta.__pairs then return meta.__pairs(t) end
  local keys, n = {}, 0
  for key in raw_next, t do n = n + 1; keys[n] = key end
  sort(keys, function(a, b)
    local ta, tb = type(a), type(b)
    if ta ~= tb then return ta < tb end
    return (ta == "number" or ta == "string") and a < b
  end)
  local at = 0
  return function()
    at = at + 1
    if keys[at] ~= nil then return keys[at], t[keys[at]] end
  end
end
function S:expect(ok, message)
  if not ok then error(setmetatable({message = "expect: " .. tostring(message or "failed")}, Failed), 0) end
  return ok
end
function S:login(email, password)
  self:_sign_out()
  local r = self:post("/v1/sessions", {email = email, password = password})
  self:expect(r.status == 201, "login as " .. tostring(email) .. " gave " .. (r.error or r.status))
  self:expect(self:_signed_in(email, password, r), "login as " .. tostring(email) .. " gave no access_token")
  return r
end
function S:poll(fn, options)
  options = options or {}
  local every = options.every or "100ms"
  local over = self:_now() + self:_ns(options.at_most or "5s")
  while true do
    local found = fn()
    if found then return found end
    if self:_now() >= over then return false end
    self:_wait(every)
  end
end
)lua";

void stop_endless(lua_State* lua, lua_Debug*) {
  Session* session = session_of(lua);
  if (session != nullptr && ++session->long_turns < kMostTurns) return;
  luaL_error(lua, "ran %d million steps without waiting: a loop that never ends?",
             kTurnInstructions / 1'000'000 * kMostTurns);
}

// To stderr: stdout is the summary's.
int print(lua_State* lua) {
  const int count = lua_gettop(lua);
  for (int at = 1; at <= count; ++at) {
    std::fprintf(stderr, at > 1 ? "\t%s" : "%s", luaL_tolstring(lua, at, nullptr));
    lua_pop(lua, 1);
  }
  std::fputs("\n", stderr);
  return 0;
}

void open_sandbox(lua_State* lua) {
  const luaL_Reg libraries[] = {{LUA_GNAME, luaopen_base},
                                {LUA_TABLIBNAME, luaopen_table},
                                {LUA_STRLIBNAME, luaopen_string},
                                {LUA_MATHLIBNAME, luaopen_math},
                                {LUA_UTF8LIBNAME, luaopen_utf8}};
  for (const luaL_Reg& library : libraries) {
    luaL_requiref(lua, library.name, library.func, 1);
    lua_pop(lua, 1);
  }
  for (const char* name : {"dofile", "loadfile", "load"}) {
    lua_pushnil(lua);
    lua_setglobal(lua, name);
  }
  lua_getglobal(lua, "math");
  for (const char* name : {"random", "randomseed"}) {
    lua_pushnil(lua);
    lua_setfield(lua, -2, name);
  }
  lua_pop(lua, 1);
  lua_pushcfunction(lua, print);
  lua_setglobal(lua, "print");
  open_json(lua);
}

// Any value may be raised; only what is text, or has a text "message", is shown. Runs no Lua.
std::string error_text(lua_State* thread) {
  if (lua_istable(thread, -1)) {
    lua_pushstring(thread, "message");
    lua_rawget(thread, -2);
  }
  const char* text = lua_tostring(thread, -1);
  return text != nullptr ? text : std::string("raised a ") + luaL_typename(thread, -1);
}

}  // namespace

Script::Script(SessionHost& host) : lua_(luaL_newstate()) {
  STOA_CHECK(lua_ != nullptr, "memory for a Lua state");
  session_of(lua_) = nullptr;
  open_sandbox(lua_);
  STOA_CHECK(luaL_loadbufferx(lua_, kPrelude, sizeof kPrelude - 1, "=prelude", "t") == LUA_OK, "the prelude is Lua");
  push_session_methods(lua_, host);
  lua_pushvalue(lua_, -1);
  session_ref_ = luaL_ref(lua_, LUA_REGISTRYINDEX);
  lua_newtable(lua_);
  STOA_CHECK(lua_pcall(lua_, 2, 0, 0) == LUA_OK, "the prelude runs");
  lua_sethook(lua_, stop_endless, LUA_MASKCOUNT, kTurnInstructions);
}

Script::~Script() { lua_close(lua_); }

void Script::prepare(Session& session, int function) {
  if (session.thread == nullptr) {
    session.thread = lua_newthread(lua_);
    session.thread_ref = luaL_ref(lua_, LUA_REGISTRYINDEX);
    session_of(session.thread) = &session;
  }
  lua_rawgeti(session.thread, LUA_REGISTRYINDEX, function);
  lua_rawgeti(session.thread, LUA_REGISTRYINDEX, session_ref_);
  lua_rawgeti(session.thread, LUA_REGISTRYINDEX, data_ref_);
}

Script::Turn Script::resume(Session& session) {
  session.long_turns = 0;
  const bool begins = lua_status(session.thread) == LUA_OK;
  int results = 0;
  const int status = lua_resume(session.thread, lua_, begins ? 2 : 0, &results);
  if (status == LUA_YIELD) {
    lua_pop(session.thread, results);
    return {};
  }
  Turn turn;
  turn.over = true;
  if (status != LUA_OK) {
    turn.error = error_text(session.thread);
    lua_resetthread(session.thread);
    lua_settop(session.thread, 0);
  } else if (session.flow != nullptr) {
    lua_settop(session.thread, 0);
  }
  return turn;
}

void Script::keep_returned(Session& session) {
  if (lua_gettop(session.thread) == 0) return;
  lua_settop(session.thread, 1);
  lua_xmove(session.thread, lua_, 1);
  data_ref_ = luaL_ref(lua_, LUA_REGISTRYINDEX);
}

}  // namespace stoa::scenarios
