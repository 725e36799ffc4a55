# MPI of the chosen flavour. Open MPI and MPICH can be installed side by side, so the flavour's own
# wrapper and launcher are looked for first, and what was found is checked against what was asked for.
# BUDDY_MPI=none: an engine talks to no MPI. Then there is the command, and neither library nor
# workloads.
if(NOT BUDDY_MPI MATCHES "^(openmpi|mpich|none)$")
  message(FATAL_ERROR "BUDDY_MPI is '${BUDDY_MPI}' (only two flavours are supported) "
                      "use -DBUDDY_MPI=openmpi, -DBUDDY_MPI=mpich, or none for engines alone")
endif()
if(BUDDY_MPI STREQUAL none)
  message(STATUS "MPI: none, the command alone is built")
  return()
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
