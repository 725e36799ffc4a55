# Programs under MPI with an engine that runs as a service: jobs one after another and side by side,
# one whose engine is killed, and limits, of which each rank says why.
# timeout: 300
set -uo pipefail
bin=$BUDDY_BIN_DIR
read -ra launch <<<"$BUDDY_MPIEXEC ${BUDDY_MPIEXEC_FLAGS:-}"
folder=$(mktemp -d)
service=
end() {
  [[ -z $service ]] || kill "$service" 2>/dev/null && wait "$service" 2>/dev/null
  rm -rf "$folder"
}
trap end EXIT
failures=0
fail() {
  echo "FAILED: $*"
  sed 's/^/  | /' "$folder"/*.log
  failures=$((failures + 1))
}

start_service() {  # start_service OPTION...
  rm -f "$folder/port"
  (umask 077 && od -An -tx8 -N16 /dev/urandom | tr -d ' ' >"$folder/key")
  "$bin/buddy" engine --listen tcp:127.0.0.1:0 --port-file "$folder/port" --key-file "$folder/key" \
    "$@" >"$folder/service.log" 2>&1 &
  service=$!
  for (( tries = 0; tries < 600; ++tries )); do
    [[ -s $folder/port ]] && break
    sleep 0.05
  done
  BUDDY_JOB_KEY=$(<"$folder/key")
  BUDDY_ENGINE_ADDRESS=tcp:127.0.0.1:$(<"$folder/port")
  export BUDDY_JOB_KEY BUDDY_ENGINE_ADDRESS BUDDY_PLACEMENT=engine
}

job() {  # job NAME RANKS PROGRAM ARG...: its exit code
  BUDDY_JOB_ID=$(od -An -tx1 -N16 /dev/urandom | tr -d ' \n') timeout -k 5 120 \
    "${launch[@]}" -n "$2" "${@:3}" >"$folder/$1.log" 2>&1 </dev/null
}

# Jobs in turn and side by side.
many_jobs() {
  local round number pid pids=()
  for round in 1 2; do
    job round 2 "$bin/test/delivery" || fail "job $round of two in turn"
  done
  for number in 1 2 3; do
    job "beside-$number" 2 "$bin/test/delivery" &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid" || fail "one of three jobs side by side"; done
}

# One job's engine is killed while another job runs.
kill_one_of_two() {
  local victim witness engine before tries
  rm -f "$folder/victim.log"
  job victim 2 "$bin/test/victim" traffic &
  victim=$!
  for (( tries = 0; tries < 600; ++tries )); do
    grep -qs 'all ranks are busy' "$folder/victim.log" && break
    sleep 0.05
  done
  engine=$(pgrep -P "$service")
  job witness 2 "$bin/test/delivery" &
  witness=$!
  sleep 0.3
  before=$(date +%s%N)
  kill -9 "$engine"
  if wait "$victim"; then fail "the program does not fail with its engine"; fi
  (( $(date +%s%N) - before < 10000000000 )) || fail "the program does not end with its engine"
  grep -qE 'the engine of node 0.* has ended|engine 0 on .* is gone' "$folder/victim.log" ||
    fail "the error names no engine"
  wait "$witness" || fail "the job beside it"
  job after 2 "$bin/test/delivery" || fail "a job afterwards"
  for (( tries = 0; tries < 200; ++tries )); do
    pgrep -P "$service" >/dev/null || break
    sleep 0.05
  done
  pgrep -P "$service" && fail "a process is left of a job that has ended"
}

start_service --jobs 3
for link in rings ucx; do
  export BUDDY_LINK=$link
  many_jobs
  kill_one_of_two
done
unset BUDDY_LINK
kill "$service"
wait "$service" || fail "the service does not end in good order"

start_service --max-ranks 1
job many 2 "$bin/test/delivery" && fail "more ranks than are served"
grep -q 'the engine refuses: the job has too many ranks' "$folder/many.log" || fail "no reason given"
BUDDY_JOB_KEY=00000000000000000000000000000000 job stranger 1 "$bin/test/delivery" &&
  fail "a job with another key"
grep -q 'the engine belongs to another job' "$folder/stranger.log" || fail "no reason given"
BUDDY_ENGINE_ADDRESS=tcp:127.0.0.1:1 job nobody 1 "$bin/test/delivery" && fail "no engine there"
grep -q 'no engine answers at tcp:127.0.0.1:1' "$folder/nobody.log" || fail "no reason given"
BUDDY_ENGINE_ADDRESS=127.0.0.1:1 job wrong 1 "$bin/test/delivery" && fail "no address"
grep -q 'BUDDY_ENGINE_ADDRESS: .* is no address of an engine' "$folder/wrong.log" || fail "no reason"
BUDDY_PEER_TIMEOUT=0 job impatient 1 "$bin/test/delivery" && fail "no patience at all"
grep -q 'BUDDY_PEER_TIMEOUT=0 means nothing' "$folder/impatient.log" || fail "no reason given"

(( failures == 0 )) && echo "all as expected"
exit $((failures != 0))
