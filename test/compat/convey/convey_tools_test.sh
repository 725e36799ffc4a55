# A program for conveyors under the tools: it is profiled, and what offloading would bring is predicted.
set -uo pipefail
bin=$BUDDY_BIN_DIR
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

complain() {
  echo "FAILED: $*"
  failures=$((failures + 1))
}

"$bin/buddy" profile -n 2 --nodes 2 --json "$folder/profile.json" -- "$bin/examples/convey" \
  >"$folder/out" 2>&1 || complain "buddy profile: $(cat "$folder/out")"
grep -q "^20000 updates on 2 PEs$" "$folder/out" || complain "the program says: $(cat "$folder/out")"
# Half of the items are for the other PE; 4 bytes each, and a header for each pack.
python3 - "$folder/profile.json" <<'PY' || complain "the profile does not fit the program"
import json, sys
total = json.load(open(sys.argv[1]))["total"]
messages, payload = total["messages"], total["payload_bytes"]
assert 4 <= messages <= 200, messages
assert 40000 < payload < 50000, payload
PY
"$bin/buddy" predict "$folder/profile.json" >"$folder/out" 2>&1 ||
  complain "buddy predict: $(cat "$folder/out")"

(( failures == 0 )) && echo "all as expected"
exit $((failures != 0))
