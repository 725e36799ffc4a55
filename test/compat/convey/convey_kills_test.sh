# A PE of a program for conveyors dies, and the launcher lets the others run: every call of theirs says
# so soon, and so do all calls after it.
set -uo pipefail
bin=$BUDDY_BIN_DIR
read -ra launch <<<"$BUDDY_MPIEXEC ${BUDDY_MPIEXEC_FLAGS:-}"
if [[ $("$BUDDY_MPIEXEC" --version 2>&1) == *Open* ]]; then
  launch+=(--enable-recovery)
else
  launch+=(-disable-auto-cleanup)
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

survive() {  # survive RANKS NAME CALL
  local ranks=$1 name=$2 call=$3
  rm -f "$folder/death"
  timeout -k 5 60 "${launch[@]}" -n "$ranks" "$bin/test/convey_survivor" "$call" "$folder/death" \
    >"$folder/out" 2>&1
  if (( $(grep -c "reported in time" "$folder/out") == ranks - 1 )) &&
    grep -q "^buddy: PE .*the job has failed: " "$folder/out"; then
    echo "ok: $name, $call: $(grep -o 'after [0-9.]* s' "$folder/out" | sort | tail -1)"
  else
    echo "FAILED: $name, $call"
    sed 's/^/  | /' "$folder/out"
    failures=$((failures + 1))
  fi
}

for call in push pull advance loop begin; do survive 3 "host" "$call"; done
export BUDDY_NODES=2 BUDDY_FABRIC=ucx
for call in loop begin; do survive 3 "host, UCX" "$call"; done

# An engine process that loses a rank ends the job, as buddy run does for every program.
unset BUDDY_NODES BUDDY_FABRIC
timeout -k 5 60 "$bin/buddy" run -n 3 --placement engine -- "$bin/test/convey_survivor" loop "$folder/death" \
  >"$folder/out" 2>&1
status=$?
if (( status == 0 || status >= 124 && status != 137 )); then
  echo "FAILED: buddy run ends with $status when a PE is killed"
  sed 's/^/  | /' "$folder/out"
  failures=$((failures + 1))
fi

(( failures == 0 )) && echo "all as expected"
exit $((failures != 0))
