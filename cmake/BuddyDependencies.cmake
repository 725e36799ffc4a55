# What Buddy is built from: compiler cache, MPI of the chosen flavour, UCX, and libraries.

find_program(BUDDY_CCACHE ccache)
mark_as_advanced(BUDDY_CCACHE)
if(BUDDY_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${BUDDY_CCACHE})
endif()

# --- MPI. Open MPI and MPICH can be installed side by side, so the flavour's own wrapper and
# launcher are looked for first, and what was found is checked against what was asked for.
if(NOT BUDDY_MPI MATCHES "^(openmpi|mpich)$")
  message(FATAL_ERROR "BUDDY_MPI is '${BUDDY_MPI}' (only two flavours are supported) "
                      "use -DBUDDY_MPI=openmpi or -DBUDDY_MPI=mpich")
endif()
find_program(MPI_CXX_COMPILER NAMES mpicxx.${BUDDY_MPI} mpicxx REQUIRED)
find_program(MPIEXEC_EXECUTABLE NAMES mpirun.${BUDDY_MPI} mpiexec.${BUDDY_MPI} mpirun mpiexec REQUIRED)
set(MPI_CXX_SKIP_MPICXX ON) # the C++ bindings of MPI-2 are not used
find_package(MPI REQUIRED COMPONENTS CXX)
set_target_properties(MPI::MPI_CXX PROPERTIES SYSTEM ON)

include(CheckCXXSourceCompiles)
set(CMAKE_REQUIRED_LIBRARIES MPI::MPI_CXX)
set(CMAKE_REQUIRED_QUIET ON)
check_cxx_source_compiles("#include <mpi.h>
#ifndef OPEN_MPI
#error
#endif
int main() {}" BUDDY_MPI_IS_OPENMPI)
unset(CMAKE_REQUIRED_LIBRARIES)
unset(CMAKE_REQUIRED_QUIET)
if((BUDDY_MPI STREQUAL openmpi AND NOT BUDDY_MPI_IS_OPENMPI) OR (BUDDY_MPI STREQUAL mpich
                                                                 AND BUDDY_MPI_IS_OPENMPI))
  message(FATAL_ERROR "${MPI_CXX_COMPILER} is not the wrapper of ${BUDDY_MPI} (its mpi.h is another "
                      "implementation's) set -DBUDDY_MPI or -DMPI_CXX_COMPILER and -DMPIEXEC_EXECUTABLE")
endif()
message(STATUS "MPI: ${BUDDY_MPI}, ${MPI_CXX_COMPILER}, ${MPIEXEC_EXECUTABLE}")

# --- Fabric and libraries.
find_package(PkgConfig REQUIRED)
pkg_check_modules(UCX REQUIRED IMPORTED_TARGET GLOBAL ucx)
find_package(Threads REQUIRED)
find_package(cereal REQUIRED)
if(BUDDY_TOOLS)
  pkg_check_modules(HWLOC REQUIRED IMPORTED_TARGET hwloc)
  find_package(fmt REQUIRED)
  find_package(CLI11 REQUIRED)
  find_package(nlohmann_json REQUIRED)
  find_package(ZLIB REQUIRED)
endif()
if(BUDDY_TESTS)
  find_package(GTest REQUIRED)
  find_package(benchmark REQUIRED)
  find_package(rapidcheck REQUIRED)
endif()
