#!/usr/bin/env bash
# Particle transport: the same answer, to the last bit, for all numbers of ranks and nodes, in both
# placements, over both fabrics, however the mesh is split, and by MPI alone.
# timeout: 900
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export BUDDY_RESULT_FILE=$scratch/result.json

fail() {
  cat "$scratch/out" "$scratch/err"
  echo "FAILED: $*"
  exit 1
}

expected=
check() {  # check WHAT: the run before it was verified and gave the expected answer
  grep -q ', verified$' "$scratch/out" || fail "$1 does not say it verified its answer"
  local answer
  answer=$(grep -oE '"answer":"[0-9a-f]{16}"' "$BUDDY_RESULT_FILE") || fail "$1 has no answer"
  grep -q "\"answer_checksum\":$(printf %u "0x${answer:10:16}")[,}]" "$BUDDY_RESULT_FILE" ||
    fail "$1: its answer is not its checksum"
  expected=${expected:-$answer}
  [[ $answer == "$expected" ]] || fail "$1: $answer instead of $expected"
  for key in balanced delivered replayed verified; do
    grep -q "\"$key\":true" "$BUDDY_RESULT_FILE" || fail "$1 is not $key"
  done
  rm "$BUDDY_RESULT_FILE"
}

under_mpi() {  # under_mpi RANKS ARGS
  "$BUDDY_MPIEXEC" -n "$1" "$BUDDY_BIN_DIR/buddy-transport" "${problem[@]}" "${@:2}" \
    >"$scratch/out" 2>"$scratch/err" || fail "mpirun -n $*"
  check "mpirun -n $*"
}

under_buddy() {  # under_buddy "RUN OPTIONS" ARGS
  # shellcheck disable=SC2086  # options, split on purpose
  "$BUDDY_BIN_DIR/buddy" run $1 -- "$BUDDY_BIN_DIR/buddy-transport" "${problem[@]}" "${@:2}" \
    >"$scratch/out" 2>"$scratch/err" || fail "buddy run $*"
  check "buddy run $*"
}

problem=(--particles 3000 --cycles 3 --mesh 6x5x4 --grid 2^8 --work 3)
under_mpi 1
for ranks in 2 3 4 8; do
  under_mpi $ranks
  under_mpi $ranks --cube 0
  under_mpi $ranks --method alltoallv --cube 2
  under_mpi $ranks --batch 1
done
for placement in host engine; do
  for fabric in shm ucx; do
    for nodes in 1 2 3 4; do
      for ranks in 1 2 4 8; do
        (( ranks >= nodes )) || continue
        under_buddy "-n $ranks --nodes $nodes --fabric $fabric --placement $placement"
      done
    done
    under_buddy "-n 4 --nodes 2 --fabric $fabric --placement $placement" --cube 0
  done
done
under_buddy "-n 4 --nodes 2 --workers 2 --placement engine"
echo "core: $expected everywhere"

# Other problems: a slab, vacuum and mirrors outside, fewer cells than ranks, next to no particles.
other() {  # other NAME OPTIONS: on 1 and 3 ranks
  expected=
  problem=("${@:2}")
  under_mpi 1
  under_mpi 3
  under_mpi 3 --cube 0
  under_mpi 3 --method alltoallv
  under_buddy "-n 3 --nodes 3 --fabric ucx --placement engine"
  echo "$1: $expected everywhere"
}
other slab --problem slab --particles 20000 --cycles 2
other vacuum --albedo 0 --particles 2000 --cycles 2 --mesh 3
other mirrors --albedo 100 --particles 2000 --cycles 2 --mesh 3x2x1
other 'few cells' --particles 500 --cycles 2 --mesh 1
other 'few particles' --particles 1 --cycles 5 --mesh 4 --seed 7
