# Ctrl-C at random moments of a benchmark: it ends with 130, its report is whole or not there, and
# nothing else stays.
# timeout: 300
set -uo pipefail
bin=$BUDDY_BIN_DIR
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
failures=0
partial=0
seed=${BUDDY_TEST_SEED:-$RANDOM}
RANDOM=$seed
echo "seed $seed"

fail() {
  echo "FAILED: $*"
  sed 's/^/  stderr: /' err
  failures=$((failures + 1))
}

# A crowded machine takes longer than 4 s for the first run: then a few more rounds, ever longer.
for round in {1..15}; do
  (( round <= 12 || partial == 0 )) || break
  patience=$((round <= 12 ? 0 : 10 * (round - 12)))
  echo old >report.json
  rm -f report.html
  "$bin/buddy" bench latency -n 1 --repeat 1000 --compare host,engine --rounds 100 \
    --json report.json --html report.html >out 2>err &
  command=$!
  delay=$(printf '%d.%03d' $((RANDOM % 4 + patience)) $((RANDOM % 1000)))
  sleep "$delay"
  kill -INT $command
  (( round % 3 != 0 )) || kill -INT $command  # once more, at once
  wait $command
  code=$?
  what="round $round, after $delay s"
  # Within the first moments the signal meets a program that is not the command yet.
  (( code == 130 )) || fail "$what: exit code $code"
  if grep -q '^old$' report.json; then
    [[ ! -e report.html ]] || fail "$what: a page without a report"
  else
    grep -q '"partial": true' report.json || fail "$what: the report does not say partial"
    [[ $(tail -1 report.json) == '}' ]] || fail "$what: the report is cut off"
    grep -q partial err || fail "$what: stderr does not say partial"
    grep -q '^PARTIAL' out || fail "$what: the table does not say partial"
    partial=$((partial + 1))
  fi
  left=$(find . -name '.buddy*' -o -size 0 -name 'report*')
  [[ -z $left ]] || fail "$what: left behind: $left"
  echo "ok: $what: $(tail -1 err)"
done
(( partial > 0 )) || fail "no report was partial"

# interrupt SECONDS OPTION FILE COMMAND...: Ctrl-C after so long.
interrupt() {
  local delay=$1 option=$2 file=$3
  shift 3
  echo old >"$file"
  "$bin/buddy" "$@" "$option" "$file" >out 2>err &
  command=$!
  sleep "$delay"
  kill -INT $command
  wait $command
  code=$?
  (( code == 130 )) || fail "$*: exit code $code"
  [[ -z $(find . -name '.buddy*') ]] || fail "$*: something is left behind"
}

many=()
for ((i = 0; i < 60; i++)); do many+=(latency); done
interrupt 6 --json dca.json bench dca "${many[@]}" --rounds 100
grep -q '"partial": true' dca.json || fail "the study of caches does not say partial"
grep -q '^PARTIAL' out || fail "the table of the study does not say partial"
grep -q 'is partial' err || fail "stderr of the study does not say partial"

# Its own choice is CPU 1 for the engines, which this test may not be allowed to use.
read -ra cpus <<<"$(bash "$BUDDY_SOURCE_DIR/packaging/demo_cpus.sh")"
interrupt 2 --json model.json bench model --dram none --host-cpus "${cpus[0]}" \
  --engine-cpus "${cpus[1]:-${cpus[0]}}"
[[ $(cat model.json) == old ]] || fail "a sweep of next to nothing was written"
grep -q 'too little was measured' err || fail "the sweep does not say that nothing is written"

interrupt 1 --output calibration.json calibrate
[[ $(cat calibration.json) == old ]] || fail "half a calibration was written"

(( failures == 0 )) && echo "all as expected"
exit $((failures != 0))
