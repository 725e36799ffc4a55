#!/usr/bin/env bash
# Every application gives the same verified answer for 1, 2, 4 and 8 ranks, 1 to 4 nodes, both
# fabrics and both placements, with and without extra work.
# timeout: 1800
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export BUDDY_RESULT_FILE=$scratch/result.json

fail() {
  echo "FAILED: $*"
  exit 1
}

value() {  # value KEY: a number of the result file
  grep -oE "\"$1\":[0-9.]+" "$BUDDY_RESULT_FILE" | cut -d: -f2
}

run() {  # run LAUNCHER... -- PROGRAM ARGS: expects success and a verified result
  rm -f "$BUDDY_RESULT_FILE"
  "$@" >"$scratch/out" 2>"$scratch/err" || { cat "$scratch/out" "$scratch/err"; fail "$*"; }
  grep -q ', verified$' "$scratch/out" || fail "$* does not say it verified its answer"
  grep -q '"verified":true' "$BUDDY_RESULT_FILE" || fail "$* wrote a result that is not verified"
}

shapes() {  # ranks nodes fabric placement
  local ranks nodes
  for ranks in 1 2 4 8; do
    for nodes in 1 2 4; do
      (( nodes <= ranks )) || continue
      echo "$ranks $nodes shm host"
      echo "$ranks $nodes shm engine"
      (( nodes > 1 )) || continue
      echo "$ranks $nodes ucx host"
      echo "$ranks $nodes ucx engine"
    done
  done
}

same_answers() {  # same_answers PROGRAM ARGS
  local program=$1 answer= messages= count=0
  shift
  while read -r ranks nodes fabric placement <&3; do
    run "$BUDDY_BIN_DIR/buddy" run -n "$ranks" --nodes "$nodes" --fabric "$fabric" \
      --placement "$placement" -- "$BUDDY_BIN_DIR/$program" "$@"
    [[ $(value ranks) == "$ranks" && $(value nodes) == "$nodes" ]] || fail "$program ran elsewhere"
    grep -q "\"placement\":\"$placement\"" "$BUDDY_RESULT_FILE" || fail "$program ran elsewhere"
    : "${answer:=$(value answer_checksum)}" "${messages:=$(value messages)}"
    [[ -n $answer && $(value answer_checksum) == "$answer" && $(value messages) == "$messages" ]] ||
      fail "$program $*: $(cat "$BUDDY_RESULT_FILE") instead of $answer, $messages messages"
    count=$((count + 1))
  done 3< <(shapes)
  # Work changes neither the answer nor the number of messages; another seed changes the answer.
  run "$BUDDY_MPIEXEC" -n 2 "$BUDDY_BIN_DIR/$program" "$@" --work 3 --work-memory 2^16
  [[ $(value answer_checksum) == "$answer" && $(value messages) == "$messages" ]] ||
    fail "$program $* answers differently with work"
  run "$BUDDY_MPIEXEC" -n 2 "$BUDDY_BIN_DIR/$program" "$@" --seed 12345
  [[ $(value answer_checksum) != "$answer" ]] || fail "$program $* does not depend on its seed"
  echo "$program $*: $answer in $count shapes"
}

same_answers buddy-indexgather --requests 30001 --table 5003
same_answers buddy-bfs --scale 9 --roots 3
same_answers buddy-permute --scale 9 --edgefactor 7 --field complex
same_answers buddy-toposort --scale 9 --edgefactor 5
same_answers buddy-triangles --scale 8
same_answers buddy-sssp --scale 9 --rounds 2
same_answers buddy-sssp --graph flat --scale 9 --edgefactor 10 --rounds 1
