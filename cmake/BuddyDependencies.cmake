# What Buddy is built from: compiler cache, MPI of the chosen flavour, UCX, and libraries.

find_program(BUDDY_CCACHE ccache)
mark_as_advanced(BUDDY_CCACHE)
if(BUDDY_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${BUDDY_CCACHE})
endif()

include(BuddyMpi)

# --- Fabric and libraries.
find_package(PkgConfig REQUIRED)
pkg_check_modules(UCX REQUIRED IMPORTED_TARGET GLOBAL ucx)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET GLOBAL libsodium)
find_package(Threads REQUIRED)
find_package(cereal REQUIRED)
if(BUDDY_TOOLS)
  pkg_check_modules(HWLOC REQUIRED IMPORTED_TARGET hwloc)
  find_package(fmt REQUIRED)
  find_package(CLI11 REQUIRED)
  find_package(nlohmann_json REQUIRED)
  find_package(ZLIB REQUIRED)
  # The learned model of `buddy predict`; without it there is the physical one.
  find_path(BUDDY_LIBSVM_INCLUDE libsvm/svm.h)
  find_library(BUDDY_LIBSVM_LIBRARY svm)
  mark_as_advanced(BUDDY_LIBSVM_INCLUDE BUDDY_LIBSVM_LIBRARY)
endif()
if(BUDDY_TESTS)
  find_package(GTest REQUIRED)
  find_package(benchmark REQUIRED)
  find_package(rapidcheck REQUIRED)
endif()
