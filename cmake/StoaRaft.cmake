# The consensus core: a Rust static library behind a C ABI, named by cluster/consensus.cpp alone. Always the release
# profile; sources and versions come from Cargo.lock. Needs cargo and protoc (raft-proto generates its messages).
find_program(CARGO cargo HINTS $ENV{HOME}/.cargo/bin REQUIRED)
find_program(PROTOC protoc REQUIRED)

set(STOA_RAFT_DIR ${CMAKE_SOURCE_DIR}/cluster/raft)
set(STOA_RAFT_TARGET ${CMAKE_BINARY_DIR}/raft)
set(STOA_RAFT_LIBRARY ${STOA_RAFT_TARGET}/release/libstoa_raft.a)
file(GLOB STOA_RAFT_SOURCES CONFIGURE_DEPENDS ${STOA_RAFT_DIR}/src/*.rs)

add_custom_command(
  OUTPUT ${STOA_RAFT_LIBRARY}
  COMMAND ${CMAKE_COMMAND} -E env --unset=RUSTFLAGS --unset=CARGO_TARGET_DIR --unset=CARGO_BUILD_TARGET PROTOC=${PROTOC}
          ${CARGO} build --quiet --release --locked --target-dir ${STOA_RAFT_TARGET}
  COMMAND ${CMAKE_COMMAND} -E touch ${STOA_RAFT_LIBRARY}  # cargo leaves it as it is where only a date has changed
  DEPENDS ${STOA_RAFT_SOURCES} ${STOA_RAFT_DIR}/Cargo.toml ${STOA_RAFT_DIR}/Cargo.lock
  WORKING_DIRECTORY ${STOA_RAFT_DIR}
  COMMENT "Building the consensus core"
  VERBATIM)
add_custom_target(stoa_raft_build DEPENDS ${STOA_RAFT_LIBRARY})

add_library(stoa_raft STATIC IMPORTED GLOBAL)
set_target_properties(stoa_raft PROPERTIES
  IMPORTED_LOCATION ${STOA_RAFT_LIBRARY}
  INTERFACE_LINK_LIBRARIES "Threads::Threads;${CMAKE_DL_LIBS};m")
add_dependencies(stoa_raft stoa_raft_build)
