#!/usr/bin/env bash
# A project takes Buddy's sources in, by add_subdirectory and by FetchContent: it gets the targets
# buddy::buddy, buddy::ygm and buddy::convey, and nothing else of Buddy.
# usage: subproject.sh ROOT SUBPROJECT_DIR   (CXX, MPI_FLAVOUR, BUDDY_MPIEXEC set)
set -euo pipefail
root=$1
subproject=$2
work=$(mktemp -d "${TMPDIR:-/tmp}/buddy-subproject.XXXXXX")
trap 'rm -rf "$work"' EXIT
# What was compiled for another folder serves here; nothing is optimised, which takes less long.
export CCACHE_BASEDIR=/ CCACHE_NOHASHDIR=1

# Neither is to be asked for: the page belongs to the command.
mkdir "$work/bin"
for tool in node npm; do
  printf '#!/bin/sh\necho %s >>"%s/called"\nexit 1\n' "$tool" "$work" >"$work/bin/$tool"
  chmod +x "$work/bin/$tool"
done
export PATH=$work/bin:$PATH

complain() {
  echo "$*"
  exit 1
}

launch() {
  if [[ $MPI_FLAVOUR == openmpi ]]; then
    timeout 120 "$BUDDY_MPIEXEC" --oversubscribe --bind-to none -n 2 "$@"
  else
    timeout 120 "$BUDDY_MPIEXEC" -n 2 "$@"
  fi
}

for by in add_subdirectory fetch_content; do
  echo "== $by"
  build=$work/$by
  cmake -S "$subproject" -B "$build" -DBY="$by" -DBUDDY_ROOT="$root" -DBUDDY_MPI="$MPI_FLAVOUR" \
    -DCMAKE_CXX_COMPILER="$CXX" >"$work/configure.log" 2>&1 ||
    complain "$(cat "$work/configure.log")"
  ! grep -q -e -Werror "$build/compile_commands.json" || complain "warnings are errors in a project of others"
  cmake --build "$build" --parallel 2 >"$work/build.log" 2>&1 || complain "$(tail -n 60 "$work/build.log")"
  launch "$build/consumer"
  launch "$build/ygm_consumer"
  launch "$build/convey_consumer"

  [[ $(ctest --test-dir "$build" -N | tail -n 1) == "Total Tests: 0" ]] || complain "Buddy's tests are the project's"
  cmake --install "$build" --prefix "$work/prefix-$by" >/dev/null
  installed=$(cd "$work/prefix-$by" && find . -type f)
  [[ $installed == ./bin/consumer ]] || complain "more than the project's own is installed: $installed"
done
[[ ! -e $work/called ]] || complain "asked for, though there is no page to make: $(cat "$work/called")"
