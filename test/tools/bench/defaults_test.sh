# The bench command makes problems smaller for simulations and has to know how large they are when
# no option says so: what it takes for a workload's default is what the workload's help says.
set -euo pipefail
bin=$BUDDY_BIN_DIR
source=$(dirname "${BASH_SOURCE[0]}")/../../../src/tools/bench/small_problem.cpp
failures=0
rows=0

while read -r workload option default; do
  rows=$((rows + 1))
  help=$("$bin/buddy-$workload" --help)
  if ! grep -Eq -- "^ *$option [A-Z]+=$default( |$)" <<<"$help"; then
    echo "FAILED: $workload $option is not $default by default:"
    grep -e "$option " <<<"$help" || echo "  no such option"
    failures=$((failures + 1))
  fi
done < <(sed -nE "s/.*Knob\{\"([a-z]+)\", \"(--[a-z]+)\", ([0-9']+),.*/\1 \2 \3/p" "$source" | tr -d "'")

((rows >= 10)) || { echo "FAILED: only $rows defaults found in $source"; exit 1; }
echo "$rows defaults, $failures wrong"
((failures == 0))
