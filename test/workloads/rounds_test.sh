#!/usr/bin/env bash
# --rounds of every workload: the measured work is done so many times, is checked, and is counted;
# the answer stays the same.
# timeout: 300
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export BUDDY_RESULT_FILE=$scratch/result.json

fail() {
  echo "FAILED: $*"
  exit 1
}

field() {  # field NAME: its number or text in the result
  grep -oE "\"$1\":(\"[^\"]*\"|[^,}]*)" "$BUDDY_RESULT_FILE" | head -n 1 | sed "s/.*://"
}

run() {  # run ROUNDS OPTIONS PROGRAM ARGS: sets messages, answer and seconds
  local rounds=$1 options=$2
  shift 2
  # shellcheck disable=SC2086  # options, split on purpose
  "$BUDDY_BIN_DIR/buddy" run -n 2 $options -- "$@" --rounds "$rounds" >"$scratch/out" 2>&1 ||
    { cat "$scratch/out"; fail "$*"; }
  [[ $(field verified) == true ]] || fail "$* --rounds $rounds is not verified"
  [[ $(field rounds) == "$rounds" ]] || fail "$* says $(field rounds) rounds instead of $rounds"
  messages=$(field messages)
  answer=$(field 'answer(_checksum)?')
}

for options in '--placement host' '--placement engine --nodes 2'; do
  for line in 'histogram --updates 20k --table 1000' 'indexgather --requests 20k' \
    'histogram --updates 20k --method alltoallv' 'indexgather --requests 20k --method alltoallv' \
    'bfs --scale 8' 'triangles --scale 8' 'permute --scale 8' 'toposort --scale 8' \
    'transpose --scale 8' 'transpose --scale 8 --method alltoallv' \
    'sssp --scale 8' 'sssp --scale 8 --method alltoallv' \
    'transport --particles 2k --cycles 2 --mesh 4' \
    'transport --particles 2k --cycles 2 --mesh 4 --method alltoallv' \
    'histogram --updates 5k --work 2 --work-memory 64k' 'bfs --scale 8 --work 2 --work-memory 64k'; do
    read -ra words <<<"buddy-$line"
    words[0]=$BUDDY_BIN_DIR/${words[0]}
    run 1 "$options" "${words[@]}"
    once=$messages same=$answer
    run 3 "$options" "${words[@]}"
    [[ $messages == $((3 * once)) ]] || fail "$line: $messages messages in 3 rounds, $once in one"
    [[ -n $answer && $answer == "$same" ]] || fail "$line: answer '$answer' instead of '$same'"
    echo "$line, $options: $once messages a round"
  done
done

"$BUDDY_BIN_DIR/buddy-histogram" --rounds 0 2>"$scratch/err" && fail "--rounds 0 is taken"
grep -q -e --rounds "$scratch/err" || fail "--rounds 0: $(cat "$scratch/err")"
