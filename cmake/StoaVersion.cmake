# Run at every build: writes OUTPUT, only when it changes, from VERSION and what git says about SOURCE.
execute_process(COMMAND git describe --always --dirty --tags WORKING_DIRECTORY ${SOURCE}
                OUTPUT_VARIABLE revision OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
if(failed)
  set(revision unknown)
endif()
file(CONFIGURE OUTPUT ${OUTPUT} @ONLY CONTENT [[
#include "app/version.hpp"

namespace stoa {

const char* program_version() { return "@VERSION@"; }
const char* program_revision() { return "@revision@"; }

}  // namespace stoa
]])
