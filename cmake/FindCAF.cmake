# FindCAF: Debian ships CAF 0.17 without a CMake config.
# Components: core, io, openssl. Targets: CAF::core, CAF::io, CAF::openssl.
find_package(Threads REQUIRED)
find_path(CAF_INCLUDE_DIR caf/all.hpp)
set(CAF_REQUIRED_VARS CAF_INCLUDE_DIR)
foreach(component IN LISTS CAF_FIND_COMPONENTS)
  find_library(CAF_${component}_LIBRARY caf_${component})
  list(APPEND CAF_REQUIRED_VARS CAF_${component}_LIBRARY)
  if(CAF_${component}_LIBRARY)
    set(CAF_${component}_FOUND TRUE)
  endif()
endforeach()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(CAF REQUIRED_VARS ${CAF_REQUIRED_VARS} HANDLE_COMPONENTS)
mark_as_advanced(${CAF_REQUIRED_VARS})

foreach(component IN LISTS CAF_FIND_COMPONENTS)
  if(CAF_FOUND AND NOT TARGET CAF::${component})
    add_library(CAF::${component} UNKNOWN IMPORTED)
    set_target_properties(CAF::${component} PROPERTIES
      IMPORTED_LOCATION ${CAF_${component}_LIBRARY}
      INTERFACE_INCLUDE_DIRECTORIES ${CAF_INCLUDE_DIR})
    if(component STREQUAL core)
      target_link_libraries(CAF::core INTERFACE Threads::Threads)
    elseif(component STREQUAL io)
      target_link_libraries(CAF::io INTERFACE CAF::core)
    elseif(component STREQUAL openssl)
      find_package(OpenSSL REQUIRED)
      target_link_libraries(CAF::openssl INTERFACE CAF::io OpenSSL::SSL OpenSSL::Crypto)
    endif()
  endif()
endforeach()
