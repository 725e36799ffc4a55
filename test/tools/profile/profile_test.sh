# `buddy profile` and `buddy predict` with real programs: figures that can be known are right, in
# both placements; programs that mark no region, or use no Buddy; nothing is left behind.
# timeout: 600
set -uo pipefail
bin=$BUDDY_BIN_DIR
buddy=$bin/buddy
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
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
  "$bin/test/nothing_left" 120 "$@" >"$folder/out" 2>&1
  result=$?
  if [[ $result != "$code" ]]; then
    fail "$name: exit code $result, expected $code"
    return 1
  fi
  echo "ok: $name"
}

says() {  # says NAME PATTERN
  if grep -qE -- "$2" "$folder/out"; then echo "ok: $1"; else fail "$1: no line matches '$2'"; fi
}

# figure KEY: the first number under that key in the profile, which is the total's.
figure() { sed -nE "s/^ *\"$1\": ([0-9.e+-]+),?\$/\1/p" "$folder/profile.json" | head -n 1; }

expect() {  # expect NAME EXPRESSION
  if awk "BEGIN { exit !($2) }"; then
    echo "ok: $1"
  else
    echo "$1: not $2" >>"$folder/out"
    fail "$1"
  fi
}

for placement in host engine; do
  run "$placement: histogram" 0 "$buddy" profile -n 2 --nodes 2 --fabric ucx \
    --placement $placement --json "$folder/profile.json" -- \
    "$bin/buddy-histogram" --updates 500k --table 2^12 || continue
  says "$placement: table" '^  all '
  expect "$placement: messages" "$(figure messages) == 1000000"
  expect "$placement: handled" "$(figure messages_handled) == 1000000"
  expect "$placement: payload" "$(figure payload_bytes) == 8000000"
  # Half of the increments go to the other node; 10 standard deviations are 5000 messages.
  expect "$placement: payload to other nodes" \
    "$(figure remote_payload_bytes) > 3960000 && $(figure remote_payload_bytes) < 4040000"
  expect "$placement: wire" "$(figure wire_bytes) > $(figure remote_payload_bytes)"
  expect "$placement: time" "$(figure seconds) > 0 && $(figure seconds) < 60"
  expect "$placement: CPU time" "$(figure host_cpu_seconds) > 0 &&
    $(figure host_cpu_seconds) <= 2.2 * $(figure seconds) + 0.02"
  expect "$placement: peak memory" \
    "$(figure peak_memory_bytes) > 1e6 && $(figure peak_memory_bytes) < 1e9"
  grep -q '"region_marked": true' "$folder/profile.json" || fail "$placement: region not marked"
  cp "$folder/profile.json" "$folder/$placement.json"
done

run "engine placement cannot be predicted from" 1 "$buddy" predict "$folder/engine.json"
says "and why" 'cannot be predicted from'
run "a prediction" 0 "$buddy" predict "$folder/host.json" --json "$folder/predict.json"
says "speedup" '^speedup +[0-9.]+, nine in ten between'
grep -q '"schema": "buddy.predict.v1"' "$folder/predict.json" || fail "the prediction's schema"
run "a prediction for a DPU" 0 "$buddy" predict "$folder/host.json" --engine bluefield3
says "is labelled" 'EXTRAPOLATED'
head -c 300 "$folder/host.json" >"$folder/cut.json"
run "a profile that is cut off" 1 "$buddy" predict "$folder/cut.json"
says "and why" 'is no JSON'
: >"$folder/empty.json"
run "an empty profile" 1 "$buddy" predict "$folder/empty.json"
run "a profile that is not there" 1 "$buddy" predict "$folder/none.json"

run "a program without regions" 0 "$buddy" profile -n 2 --json "$folder/profile.json" -- "$bin/examples/hello"
says "is reported as a whole" 'messages +12 sent, 12 handled'
run "a program that sends nothing to other nodes" 0 "$buddy" profile -n 2 -- \
  "$bin/buddy-histogram" --updates 1000
says "has no ratio" '^ratio +- '
run "a program without Buddy" 1 "$buddy" profile -n 2 -- true
says "and why" 'no rank has left a profile'
run "a program that fails" 3 "$buddy" profile -n 1 -- sh -c 'exit 3'
run "no program" 2 "$buddy" profile -n 2
run "a place that cannot be written to" 1 "$buddy" profile --json "$folder/none/x" -- true

((failures == 0)) || { echo "$failures failed"; exit 1; }
