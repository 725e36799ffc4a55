#!/usr/bin/env bash
# The buddy command, which also runs as an engine on machines without MPI, must not need MPI.
# usage: no_mpi.sh PROGRAM    PROGRAM: of any architecture
set -euo pipefail
needed=$(readelf -d "$1" | grep NEEDED) || { echo "$1 is no program that needs libraries"; exit 1; }
if grep -iE 'libmpi|libopen-(rte|pal)|libpmi' <<<"$needed"; then
  echo "$1 needs MPI (see above) link it without src/comm"
  exit 1
fi
echo "$1 needs no MPI"
