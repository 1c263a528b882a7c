# Compiler settings of every target: warnings are errors, sanitizers by preset, ccache where it is there.
option(STOA_BENCH "Build the benchmarks" OFF)
option(STOA_TESTS "Build the tests" ON)
set(STOA_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")

find_program(CCACHE ccache)
if(CCACHE)
  # Without these a precompiled header would never be a cache hit, nor two checkouts of the same code.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE})
endif()

add_library(stoa_compiler INTERFACE)
target_compile_options(stoa_compiler INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Werror -fno-omit-frame-pointer
  # With full optimisation GCC 12 takes an empty std::optional's content for a variable that is read.
  $<$<CONFIG:Release>:-Wno-maybe-uninitialized>)
if(CCACHE)
  target_compile_options(stoa_compiler INTERFACE -fpch-preprocess)
endif()
if(STOA_SANITIZE)
  target_compile_options(stoa_compiler INTERFACE -fsanitize=${STOA_SANITIZE} -fno-sanitize-recover=all -fno-sanitize=vptr)
  target_link_options(stoa_compiler INTERFACE -fsanitize=${STOA_SANITIZE} -fno-sanitize=vptr)
endif()
