// `stoa dev --nodes N`: a cluster of N child processes on this machine, with a demo shop. The parent writes their
// configuration, starts them, tells where they are, and ends them when it is ended.
#pragma once

#include "app/node_process.hpp"

namespace stoa {

// Blocks until a signal has ended it; returns an ExitCode.
int run_dev_cluster(const DevOptions& options);

}  // namespace stoa
