// mpi.h without the C++ bindings that MPI gave up in 2012 (they would need libraries of their own).
#pragma once

#ifndef OMPI_SKIP_MPICXX
#define OMPI_SKIP_MPICXX 1
#endif
#ifndef MPICH_SKIP_MPICXX
#define MPICH_SKIP_MPICXX 1
#endif

#include <mpi.h>  // IWYU pragma: export
