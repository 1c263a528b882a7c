// JSON to Lua values and back. Whole numbers stay whole (64 bits). null is absent in an object and the global `null` in
// an array; keys are written in order, so that one table is always the same bytes.
#pragma once

#include <string>
#include <string_view>

struct lua_State;

namespace stoa::scenarios {

// Pushes one value. False, with nothing pushed, when the text is not JSON, nests deeper than 64 or the stack is full.
bool push_json(lua_State* lua, std::string_view text);

// Appends the value at `index`. False for what JSON cannot say (functions, lists with holes, NaN ...); `error` then
// tells what and where. Raises no Lua error.
bool write_json(lua_State* lua, int index, std::string& out, std::string& error);

// Defines the globals `null` and `array(t)`: a list even when it is empty.
void open_json(lua_State* lua);

}  // namespace stoa::scenarios
