# The consensus core: a Rust static library behind a C ABI, named by cluster/consensus.cpp alone.
add_library(stoa_raft INTERFACE)
