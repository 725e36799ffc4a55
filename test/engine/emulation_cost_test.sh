# An emulated DPU that is not slowed down and not farther away costs next to nothing: instructions of
# the engine's process per message, against an engine that emulates nothing. Time could not show it;
# it differs by more from run to run.
# timeout: 300
set -euo pipefail
bin=$BUDDY_BIN_DIR
most_percent=2
few=500000
many=2500000
scratch=$(mktemp -d)
engine=
end() {
  [[ -z $engine ]] || kill "$engine" 2>/dev/null || true
  rm -rf "$scratch"
}
trap end EXIT

fail() {
  echo "FAILED: $*"
  cat "$scratch"/*.log 2>/dev/null | tail -n 30
  exit 1
}

if ! command -v valgrind >/dev/null; then
  echo "valgrind is not installed (nothing to count with) install it to run this test"
  exit 0
fi

# instructions UPDATES OPTION...: of an engine that routes so many messages of one rank to itself
instructions() {
  local updates=$1 tries
  shift
  rm -f "$scratch"/*.log "$scratch/counts" "$scratch/engine.sock"
  BUDDY_JOB_KEY=$(od -An -tx8 -N16 /dev/urandom | tr -d ' ')
  export BUDDY_JOB_KEY
  valgrind --tool=callgrind --callgrind-out-file="$scratch/counts" "$bin/buddy" engine \
    --listen "unix:$scratch/engine.sock" "$@" >"$scratch/engine.log" 2>&1 &
  engine=$!
  for (( tries = 0; tries < 600; ++tries )); do
    [[ ! -S $scratch/engine.sock ]] || break
    sleep 0.1
  done
  BUDDY_PLACEMENT=engine BUDDY_ENGINE_ADDRESS=unix:$scratch/engine.sock \
    "$BUDDY_MPIEXEC" -n 1 "$bin/buddy-histogram" --updates "$updates" --table 1024 \
    >"$scratch/rank.log" 2>&1 </dev/null || fail "histogram with an engine $*"
  kill "$engine"
  wait "$engine" || fail "the engine $*"
  engine=
  grep -q ', verified$' "$scratch/rank.log" || fail "histogram with an engine $* is not verified"
  awk '/^(summary|totals):/ { count = $2 } END { print count + 0 }' "$scratch/counts"
}

# keep_least NAME COUNT: what an engine does besides, polling while a rank was kept waiting, only adds
declare -A least=()
keep_least() {
  [[ -n ${least[$1]:-} && ${least[$1]} -le $2 ]] || least[$1]=$2
}

for (( turn = 0; turn < 5; ++turn )); do
  for updates in "$few" "$many"; do
    keep_least "plain $updates" "$(instructions "$updates")"
    keep_least "emulated $updates" "$(instructions "$updates" --dpu slowdown=1,latency_us=0)"
  done
done

# per_message NAME: the difference of two runs, so that start and end are not in it
per_message() {
  awk -v a="${least[$1 $few]}" -v b="${least[$1 $many]}" -v n=$((many - few)) \
    'BEGIN { printf "%.3f\n", (b - a) / n }'
}

plain=$(per_message plain)
emulated=$(per_message emulated)
echo "instructions of the engine per message: $plain, emulating nothing $emulated"
awk -v a="$plain" -v b="$emulated" -v most="$most_percent" \
  'BEGIN { exit !(a > 1 && b > 1 && b <= a * (1 + most / 100)) }' ||
  fail "the emulation costs more than $most_percent %"
