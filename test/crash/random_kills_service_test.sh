# Jobs of a service of which a part is killed at a random moment: the engine's process of the job, a
# rank, the launcher, the service itself. The job ends with an error in time, nothing of it is left,
# and the job beside it does not notice, unless it was the service.
# timeout: 600
set -uo pipefail
bin=$BUDDY_BIN_DIR
read -ra launch <<<"$BUDDY_MPIEXEC ${BUDDY_MPIEXEC_FLAGS:-}"
seed=${TEST_SEED:-$RANDOM}
RANDOM=$seed
folder=$(mktemp -d)
service=
end() {
  [[ -z $service ]] || kill "$service" 2>/dev/null && wait "$service" 2>/dev/null
  rm -rf "$folder"
}
trap end EXIT
BUDDY_JOB_KEY=$(od -An -tx8 -N16 /dev/urandom | tr -d ' ')
export BUDDY_JOB_KEY BUDDY_PLACEMENT=engine
mine=$(id -u)
failures=0
fail() {
  echo "FAILED (seed $seed, round $round, $target, ${link:-}): $*"
  sed 's/^/  | /' "$folder"/*.log
  failures=$((failures + 1))
}

start_service() {
  rm -f "$folder/port"
  "$bin/buddy" engine --listen tcp:127.0.0.1:0 --port-file "$folder/port" >"$folder/service.log" 2>&1 &
  service=$!
  for (( tries = 0; tries < 600; ++tries )); do
    [[ -s $folder/port ]] && break
    sleep 0.05
  done
  BUDDY_ENGINE_ADDRESS=tcp:127.0.0.1:$(<"$folder/port")
  export BUDDY_ENGINE_ADDRESS
}

new_id() { od -An -tx1 -N16 /dev/urandom | tr -d ' \n'; }
victims() {  # victims ID: processes of the job that are to be killed
  local pid
  for pid in $(pgrep -u "$mine"); do
    grep -qsz "^BUDDY_JOB_ID=$1$" "/proc/$pid/environ" || continue
    case $target in
      engine) grep -qsz '^handover:' "/proc/$pid/cmdline" && echo "$pid" ;;
      rank) [[ $(cat "/proc/$pid/comm" 2>/dev/null) == victim ]] && echo "$pid" ;;
      launcher) [[ $(cat "/proc/$pid/comm" 2>/dev/null) == mpi* ]] && echo "$pid" ;;
    esac
  done
}
left_of() {  # left_of ID: processes of the job
  local pid
  for pid in $(pgrep -u "$mine"); do
    grep -qsz "^BUDDY_JOB_ID=$1$" "/proc/$pid/environ" && tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline"
  done
}
# Files of the engines that this service has started; those of a killed one go with the next job at
# the latest. A rank that is killed within the start leaves the names of its files to the next job,
# too, where no `buddy run` cleans up behind it; other tests have files of the same kind.
left_files() {
  local pid
  for pid in $(grep -oP 'served by process \K[0-9]+' "$folder/service.log"); do
    ls -d "/dev/shm/buddy-$mine-$pid-"* 2>/dev/null
  done
}

one_round() {
  local id pids=() job code tries
  id=$(new_id)
  BUDDY_JOB_ID=$id BUDDY_LINK=$link timeout -k 5 60 "${launch[@]}" -n 2 "$bin/test/victim" traffic \
    >"$folder/victim.log" 2>&1 </dev/null &
  job=$!
  sleep "$(( RANDOM % 15 ))e-1"
  if [[ $target == service ]]; then
    pids=("$service")
  else
    for (( tries = 0; tries < 500; ++tries )); do
      mapfile -t pids < <(victims "$id")
      (( ${#pids[@]} )) && break
      sleep 0.02
    done
  fi
  (( ${#pids[@]} )) || fail "there is nothing to kill"
  kill -9 "${pids[RANDOM % ${#pids[@]}]}" 2>/dev/null
  SECONDS=0
  wait "$job"
  code=$?
  (( code != 0 && code != 124 && SECONDS < 30 )) || fail "exit code $code after $SECONDS s"
  for (( tries = 0; tries < 300; ++tries )); do
    [[ -z $(left_of "$id") ]] && break
    sleep 0.05
  done
  [[ -z $(left_of "$id") ]] || fail "left: $(left_of "$id")"
  if [[ $target == service ]]; then
    wait "$service" 2>/dev/null
    start_service
  fi
  kill -0 "$service" || fail "the service is gone"
}

start_service
for (( round = 1; round <= 6; ++round )); do
  link=$( (( round % 2 )) && echo rings || echo ucx)
  for target in engine rank launcher service; do one_round; done
done
target=none
BUDDY_JOB_ID=$(new_id) timeout 120 "${launch[@]}" -n 2 "$bin/test/delivery" >"$folder/after.log" 2>&1 ||
  fail "a job afterwards"
[[ -z $(left_files) ]] || fail "left: $(left_files)"
(( failures == 0 )) && echo "all as expected, seed $seed"
exit $((failures != 0))
