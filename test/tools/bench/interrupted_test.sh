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

for round in 1 2 3 4 5 6 7 8 9 10 11 12; do
  echo old >report.json
  rm -f report.html
  "$bin/buddy" bench latency -n 1 --repeat 1000 --compare host,engine --rounds 100 \
    --json report.json --html report.html >out 2>err &
  command=$!
  delay=$(printf '%d.%03d' $((RANDOM % 4)) $((RANDOM % 1000)))
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

(( failures == 0 )) && echo "all as expected"
exit $((failures != 0))
