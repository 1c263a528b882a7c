// The Lua state of one run: the scenario's sandbox (no files, no processes, no clock, no randomness of its own) and the
// coroutines of its sessions. One thread.
#pragma once

#include <optional>
#include <string>

#include "scenarios/session.hpp"

namespace stoa::scenarios {

class Script {
 public:
  explicit Script(SessionHost& host);
  ~Script();
  Script(const Script&) = delete;
  Script& operator=(const Script&) = delete;

  lua_State* state() { return lua_; }

  // Gives the session a coroutine, or the one it had, about to call `function` with `s` and what setup returned.
  void prepare(Session& session, int function);

  struct Turn {
    bool over = false;                 // the function has returned or raised
    std::optional<std::string> error;  // what it raised
  };
  // Runs the coroutine until it waits or is over.
  Turn resume(Session& session);

  // What the function of this session, which is over, returned: handed to every flow from now on.
  void keep_returned(Session& session);

 private:
  lua_State* lua_;
  int data_ref_ = -1;     // LUA_REFNIL
  int session_ref_ = -1;  // `s`
};

}  // namespace stoa::scenarios
