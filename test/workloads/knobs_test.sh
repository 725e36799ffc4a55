#!/usr/bin/env bash
# Every workload gives verified answers at the ends of the knobs, in both placements and over both
# fabrics, and says which knobs were in force.
# timeout: 1200
set -euo pipefail
buddy=$BUDDY_BIN_DIR/buddy
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() {
  echo "FAILED: $*"
  exit 1
}

workloads=(
  "histogram --updates 20000 --table 1000 --payload 2000"
  "histogram --updates 200k --table 10000"
  "transpose --scale 11 --rounds 1"
  "indexgather --requests 20001 --table 5003"
  "bfs --scale 9 --roots 2"
  "permute --scale 9"
  "toposort --scale 9"
  "triangles --scale 8"
  "transport --particles 2000"
  "pingpong --rounds 50"
)

# The smallest block: items of 8,000 bytes are larger, and go alone. The largest ones that rings
# hold four of. A hold that is longer than the program would take without one.
knobs=(
  "4096 8 0"
  "4096 8 1000"
  "262144 4 0"
  "32768 16 1000"
  "1048576 4 1000000"
)

for setting in "${knobs[@]}"; do
  read -r block ring hold <<<"$setting"
  for placement in host engine; do
    for fabric in shm ucx; do
      for workload in "${workloads[@]}"; do
        read -ra words <<<"$workload"
        [[ -x $BUDDY_BIN_DIR/buddy-${words[0]} ]] || continue
        BUDDY_RESULT_FILE=$scratch/result "$buddy" run -n 3 --nodes 2 --fabric "$fabric" \
          --placement "$placement" --workers 2 --block "$block" --ring "$ring" --hold "$hold" -- \
          "$BUDDY_BIN_DIR/buddy-${words[0]}" "${words[@]:1}" >"$scratch/out" 2>&1 ||
          { cat "$scratch/out"; fail "$workload, $placement, $fabric, $setting"; }
        grep -q '"verified":true' "$scratch/result" || fail "$workload was not verified"
      done
    done
  done
  echo "ok: blocks of $block bytes, rings of $ring, held for $hold us"
done

"$buddy" bench histogram --updates 20k --table 1000 -n 2 --repeat 1 --block 64K --ring 8 --hold 50 \
  --json "$scratch/report.json" >"$scratch/out" 2>&1 || { cat "$scratch/out"; fail "bench"; }
for key in '"block_bytes": 65536' '"ring_blocks": 8' '"hold_us": 50'; do
  [[ $(grep -c "$key" "$scratch/report.json") == 2 ]] || fail "no $key in both results"
done
"$buddy" profile -n 2 --block 64K --hold 50 --json "$scratch/profile.json" -- \
  "$BUDDY_BIN_DIR/buddy-histogram" --updates 20k --table 1000 >"$scratch/out" 2>&1 ||
  { cat "$scratch/out"; fail "profile"; }
for key in '"block_bytes": 65536' '"ring_blocks": 8' '"hold_us": 50'; do
  grep -q "$key" "$scratch/profile.json" || fail "no $key in the profile"
done
