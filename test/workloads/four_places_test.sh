#!/usr/bin/env bash
# The paper's five applications give the same verified answer in all four places to route, on 1, 2,
# 4 and 8 ranks, on nodes that talk by shared memory and by UCX; and each says where it ran.
# timeout: 600
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export BUDDY_RESULT_FILE=$scratch/result.json

fail() {
  echo "FAILED: $*"
  exit 1
}

value() {  # value KEY: a number or a word of the result file, empty if it is not there
  { grep -oE "\"$1\":\"?[0-9a-z]+" "$BUDDY_RESULT_FILE" || true; } | head -n 1 | sed 's/.*[:"]//'
}

run() {  # run PLACE RANKS NODES FABRIC PROGRAM ARGS: expects success and a verified result
  local place=$1 ranks=$2 nodes=$3 fabric=$4 program=$5 said=$1 emulated=false
  shift 5
  [[ $place != dpu ]] || said='dpu (an emulation)' emulated=true
  rm -f "$BUDDY_RESULT_FILE"
  "$BUDDY_BIN_DIR/buddy" run -n "$ranks" --nodes "$nodes" --fabric "$fabric" --placement "$place" \
    -- "$BUDDY_BIN_DIR/$program" "$@" >"$scratch/out" 2>"$scratch/err" ||
    { cat "$scratch/out" "$scratch/err"; fail "$program $* in $place, $ranks ranks, $fabric"; }
  [[ $(value verified) == true && $(value ranks) == "$ranks" && $(value nodes) == "$nodes" &&
    $(value placement) == "$place" && $(value emulated) == "$emulated" &&
    $(value fabric) == "$fabric" ]] ||
    fail "$program $* in $place: $(cat "$BUDDY_RESULT_FILE")"
  grep -qF ", $said over $fabric: " "$scratch/out" || fail "$program in $place: $(cat "$scratch/out")"
}

shapes() {  # ranks nodes fabric
  printf '%s\n' '1 1 shm' '2 2 shm' '2 2 ucx' '4 2 ucx' '8 2 shm'
}

same_answers() {  # same_answers KEYS PROGRAM ARGS: KEYS are those of the result that stay the same
  local keys=$1 program=$2 answer= now place ranks nodes fabric count=0
  shift 2
  for place in host shared engine dpu; do
    while read -r ranks nodes fabric <&3; do
      run "$place" "$ranks" "$nodes" "$fabric" "$program" "$@"
      now=
      for key in $keys; do now+="$key $(value "$key") "; done
      : "${answer:=$now}"
      [[ $now =~ [0-9] && $now == "$answer" ]] ||
        fail "$program $* in $place, $ranks ranks, $fabric: $now instead of $answer"
      count=$((count + 1))
    done 3< <(shapes)
  done
  (( count == 20 )) || fail "$program ran $count times"
  echo "$program $*: $answer"
}

same_answers 'answer_checksum messages' buddy-sssp --scale 9 --rounds 2
same_answers 'answer_checksum' buddy-sssp --scale 9 --rounds 1 --method cascade
same_answers 'answer_checksum messages' buddy-triangles --scale 8
same_answers 'answer_checksum messages' buddy-transpose --scale 9 --rounds 1
same_answers 'answer_checksum' buddy-transport --particles 2000 --cycles 2

# A histogram is as large as there are ranks: its answer is the same for the same number.
while read -r ranks nodes fabric <&3; do
  declare -A answers=()
  for place in host shared engine dpu; do
    run "$place" "$ranks" "$nodes" "$fabric" buddy-histogram --updates 5000 --table 1000
    answers[$(value answer_checksum)/$(value messages)]=$place
  done
  (( ${#answers[@]} == 1 )) || fail "histogram, $ranks ranks, $fabric: ${!answers[*]}"
  echo "buddy-histogram, $ranks ranks, $fabric: ${!answers[*]}"
  unset answers
done 3< <(shapes)
