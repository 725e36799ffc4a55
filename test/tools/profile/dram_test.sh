# timeout: 900
# Memory traffic by simulation, for real: a tiny histogram in both placements. Its figures are there
# and in proportion, and nothing is left: no process, no file in /dev/shm, no output of valgrind.
set -uo pipefail
bin=$BUDDY_BIN_DIR
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

fail() {
  echo "FAILED: $*"
  failures=$((failures + 1))
}

if ! command -v valgrind >/dev/null; then
  echo "valgrind is not installed (nothing to simulate with) install it to run this test"
  exit 0
fi

cd "$folder" || exit 1
if ! "$bin/test/nothing_left" 800 "$bin/buddy" bench histogram -n 2 --nodes 2 --updates 20000 \
  --rounds 1 --table 65536 --repeat 1 --dram cachegrind --dram-cache 32M --json report.json >out 2>&1; then
  fail "the benchmark"
fi
cat out

# figure PLACEMENT KEY: a figure of the report, or null
figure() {
  awk -v placement="\"$1\"" -v key="\"$2\"" '
    $1 == "\"placement\":" { found = ($2 == placement ",") }
    found && $1 == key ":" { sub(/,$/, "", $2); print $2; exit }' report.json
}
# within NAME VALUE LEAST MOST
within() {
  awk -v value="$2" -v least="$3" -v most="$4" \
    'BEGIN { exit !(value + 0 >= least && value + 0 <= most) }' ||
    fail "$1 is $2, not within $3 and $4"
}

grep -q 'callgrind, region' report.json || fail "the region alone was to be counted"
# 40,000 messages; a process as a whole, start included, has some 7 MB of misses.
within "host bytes, host placement" "$(figure host dram_bytes_host)" 10000 4000000
within "host bytes, engine placement" "$(figure engine dram_bytes_host)" 10000 4000000
within "engine bytes" "$(figure engine dram_bytes_engine)" 10000 4000000
[[ $(figure host dram_bytes_engine) == null ]] || fail "there are no engines in host placement"
within "ratio" "$(figure host memory_to_communication_ratio)" 0.01 100

left=$(find . -name '*.out.*' -o -name 'rank.*' -o -name 'engine.*' -o -name 'vgcore*')
[[ -z $left ]] || fail "left: $left"

(( failures == 0 )) && echo "all as it should be"
exit $(( failures > 0 ))
