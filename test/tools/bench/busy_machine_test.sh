# With a busy loop on each of the CPUs that are measured on, no command gives a verdict or stores a
# calibration, and each says why.
# timeout: 600
set -uo pipefail
bin=$BUDDY_BIN_DIR
buddy=$bin/buddy
folder=$(mktemp -d)
loops=()
trap 'kill "${loops[@]}" 2>/dev/null; rm -rf "$folder"' EXIT
export XDG_CACHE_HOME=$folder/cache
failures=0

fail() {
  echo "FAILED: $1"
  sed 's/^/  | /' "$folder/out"
  failures=$((failures + 1))
}

# run NAME EXPECTED_CODE COMMAND...: output in $folder/out, stderr too.
run() {
  local name=$1 code=$2 result
  shift 2
  timeout 120 "$@" >"$folder/out" 2>&1
  result=$?
  if [[ $result == "$code" ]]; then echo "ok: $name"; else fail "$name: exit code $result, expected $code"; fi
}

says() {  # says NAME PATTERN
  if grep -qE -- "$2" "$folder/out"; then echo "ok: $1"; else fail "$1: no line matches '$2'"; fi
}

says_not() {
  if grep -qE -- "$2" "$folder/out"; then fail "$1: a line matches '$2'"; else echo "ok: $1"; fi
}

# "0-1,4" as one CPU a line
mapfile -t allowed < <(awk '/^Cpus_allowed_list:/ {
  count = split($2, ranges, ",")
  for (i = 1; i <= count; ++i) {
    split(ranges[i], ends, "-")
    for (cpu = ends[1]; cpu <= (ends[2] == "" ? ends[1] : ends[2]); ++cpu) print cpu
  } }' /proc/self/status)
host=${allowed[0]}
engine=${allowed[1]:-$host}
for cpu in "$host" "$engine"; do
  timeout 500 taskset -c "$cpu" bash -c 'while :; do :; done' &
  loops+=($!)
done
got='got [0-9]+ % of the CPU time that they asked for'
verdict='Offloading (pays|does not pay|makes no)'
cpus=(--host-cpus "$host" --engine-cpus "$engine")

bench() {  # bench NAME WORDS...
  local name=$1
  shift
  run "bench $name" 0 "$buddy" bench "$@" -n 1 "${cpus[@]}" --json "$folder/bench.json"
  says "bench $name has no verdict and says why" "No verdict on .*$got"
  says_not "bench $name has no verdict" "$verdict"
  grep -q '"kind": "cpu_share"' "$folder/bench.json" || fail "bench $name: no doubt in the JSON"
  grep -q '"outcome": "none"' "$folder/bench.json" || fail "bench $name: a verdict in the JSON"
}
bench transport transport --particles 20k --repeat 1
bench transpose transpose --scale 13 --repeat 1
# Workloads are looked for beside the command: one of the suite takes long enough here.
cp "$buddy" "$folder/buddy"
ln -s "$bin/buddy-transport" "$folder/buddy-transport"
run "bench paper" 0 "$folder/buddy" bench paper --dram none -n 1 "${cpus[@]}" --repeat 1
says "bench paper has no verdict and says why" "^ +No verdict on .*$got"
says_not "bench paper has no verdict" "$verdict"

list=$host
[[ $engine == "$host" ]] || list+=,$engine
run "calibrate" 1 "$buddy" calibrate --cpus "$list"
says "calibrate says why" "nothing was stored: .*$got"
[[ ! -e $folder/cache/buddy/calibration.json ]] || fail "calibrate has stored something"

run "profile" 0 "$buddy" profile -n 1 --host-cpus "$host" --json "$folder/profile.json" -- \
  "$bin/buddy-histogram" --updates 16M
says "profile says what was wrong" "^in doubt .*$got"
run "predict" 0 "$buddy" predict "$folder/profile.json"
says "predict has no verdict and says why" "No verdict on buddy-histogram: .*$got"
says_not "predict has no verdict" "Offloading would"

((failures == 0)) || { echo "$failures failed"; exit 1; }
