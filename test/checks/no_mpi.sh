#!/usr/bin/env bash
# The buddy command, which also runs as an engine on machines without MPI, must not need MPI.
# usage: no_mpi.sh PROGRAM
set -euo pipefail
if readelf -d "$1" | grep -E 'NEEDED.*libmpi'; then
  echo "$1 needs MPI (see above) link it without src/comm"
  exit 1
fi
echo "$1 needs no MPI"
