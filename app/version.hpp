// Which build this is.
#pragma once

namespace stoa {

const char* program_version();   // "0.1.0"
const char* program_revision();  // as git describes the sources, "unknown" outside a checkout

}  // namespace stoa
