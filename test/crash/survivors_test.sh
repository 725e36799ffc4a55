# A rank dies, and the launcher lets the others run: every call of theirs reports it soon, in every
# placement, over rings and over UCX, with pidfds and without.
# timeout: 900
set -uo pipefail
bin=$BUDDY_BIN_DIR
read -ra launch <<<"$BUDDY_MPIEXEC ${BUDDY_MPIEXEC_FLAGS:-}"
if [[ $("$BUDDY_MPIEXEC" --version 2>&1) == *Open* ]]; then
  launch+=(--enable-recovery)
else
  launch+=(-disable-auto-cleanup)
fi
folder=$(mktemp -d)
engines=()
stop_engines() {
  (( ${#engines[@]} )) && kill "${engines[@]}" 2>/dev/null && wait "${engines[@]}" 2>/dev/null
  engines=()
}
trap 'stop_engines; rm -rf "$folder"' EXIT
failures=0

start_engines() {  # start_engines NODES
  export BUDDY_JOB_DIR=$folder/job
  BUDDY_JOB_KEY=$(head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n')
  export BUDDY_JOB_KEY
  mkdir -p -m 700 "$BUDDY_JOB_DIR"
  local node tries
  for (( node = 0; node < $1; ++node )); do
    rm -f "$BUDDY_JOB_DIR/engine-$node.sock"
    "$bin/buddy" engine --listen "unix:$BUDDY_JOB_DIR/engine-$node.sock" >>"$folder/engines" 2>&1 &
    engines+=($!)
    for (( tries = 0; tries < 600; ++tries )); do
      [[ -S $BUDDY_JOB_DIR/engine-$node.sock ]] && break
      sleep 0.05
    done
  done
}

survive() {  # survive RANKS NAME CALL [no-pidfd | PID]
  local ranks=$1 name=$2 call=$3 survivors=$(($1 - 1))
  [[ ${4:-} =~ ^[0-9]+$ ]] && survivors=$ranks  # an engine dies instead
  rm -f "$folder/death"
  timeout -k 5 60 "${launch[@]}" -n "$ranks" "$bin/test/survivor" "$call" "$folder/death" "${@:4}" \
    >"$folder/out" 2>&1
  if (( $(grep -c "reported in time" "$folder/out") == survivors )); then
    echo "ok: $name, $call${4:+ $4}: $(grep -o 'after [0-9.]* s' "$folder/out" | sort | tail -1)"
  else
    echo "FAILED: $name, $call${4:+ $4}"
    sed 's/^/  | /' "$folder/out"
    failures=$((failures + 1))
  fi
}

all="poll poll_while_held async async_and_poll barrier phase_barrier control_barrier all_reduce
  all_reduce_text broadcast wait_until wait_for wait_for_in_handler sub_communicator"
few="poll async_and_poll barrier all_reduce"

export BUDDY_PLACEMENT=host
for call in $all; do survive 3 "host" "$call"; done
for call in $few; do survive 2 "host" "$call" no-pidfd; done
export BUDDY_NODES=2 BUDDY_FABRIC=ucx
for call in $all; do survive 3 "host, UCX" "$call"; done

export BUDDY_PLACEMENT=engine
for fabric in shm ucx; do
  export BUDDY_FABRIC=$fabric
  for call in $all; do
    start_engines 2
    survive 3 "engines, $fabric" "$call"
    stop_engines
  done
  for call in $few; do
    start_engines 2
    survive 3 "engines, $fabric, one of which dies" "$call" "${engines[RANDOM % 2]}"
    stop_engines
  done
done

(( failures == 0 )) && echo "all as expected"
exit $((failures != 0))
