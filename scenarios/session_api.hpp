// The methods of `s` that reach out of Lua: requests, waiting, checks, random values.
#pragma once

#include "scenarios/session.hpp"

namespace stoa::scenarios {

// Pushes the table of methods. The host outlives the state.
void push_session_methods(lua_State* lua, SessionHost& host);

// The session whose coroutine this is; nullptr for the main state.
Session*& session_of(lua_State* lua);

}  // namespace stoa::scenarios
