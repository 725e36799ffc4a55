#!/usr/bin/env bash
# Every workload gives the same verified answer over two hops as directly: grids of prime numbers of
# engines and nodes of different sizes among them, in both placements and over both fabrics. Reports
# say which routing it was, and how many records were forwarded.
# timeout: 1200
set -euo pipefail
buddy=$BUDDY_BIN_DIR/buddy
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export BUDDY_RESULT_FILE=$scratch/result

fail() {
  echo "FAILED: $*"
  exit 1
}

value() {  # value KEY: a number of the result file
  grep -oE "\"$1\":[0-9.]+" "$BUDDY_RESULT_FILE" | cut -d: -f2
}

answer_of_run() {  # the name differs among workloads, and some have a hexadecimal one
  grep -oE '"answer(_checksum)?":"?[0-9a-f]+' "$BUDDY_RESULT_FILE" | tr -d '"' | cut -d: -f2
}

run() {  # run WORKLOAD OPTIONS: expects success, a verified result and no word on stderr
  local words
  read -ra words <<<"$1"
  shift
  rm -f "$BUDDY_RESULT_FILE"
  "$buddy" run "$@" -- "$BUDDY_BIN_DIR/buddy-${words[0]}" "${words[@]:1}" >"$scratch/out" \
    2>"$scratch/err" || { cat "$scratch/out" "$scratch/err"; fail "${words[*]}, $*"; }
  [[ ! -s $scratch/err ]] || { cat "$scratch/err"; fail "${words[*]}, $* complains"; }
  grep -q '"verified":true' "$BUDDY_RESULT_FILE" || fail "${words[*]}, $* was not verified"
}

workloads=(
  "histogram --updates 20000 --table 1000"
  "histogram --updates 3000 --table 1000 --payload 9000"
  "transpose --scale 11 --rounds 1"
  "indexgather --requests 20001 --table 5003"
  "bfs --scale 9 --roots 2"
  "sssp --scale 9 --rounds 1"
  "permute --scale 9"
  "toposort --scale 9"
  "triangles --scale 8"
  "transport --particles 2000"
)

# routing, ranks, nodes, placement, fabric, workers. Engines: 7; 7 on nodes of 3, 2 and 2 ranks; 6 on
# 3 nodes; 6 of 3 processes; 5 processes.
shapes=(
  "grid 7 1 host shm 1"
  "grid 7 3 host ucx 1"
  "node 6 3 host shm 1"
  "node 7 3 host ucx 1"
  "node 6 3 engine shm 2"
  "node 7 3 engine ucx 2"
  "grid 7 5 engine shm 1"
  "grid 7 5 engine ucx 1"
)

for workload in "${workloads[@]}"; do
  [[ -x $BUDDY_BIN_DIR/buddy-${workload%% *} ]] || continue
  declare -A answers=()
  for shape in "${shapes[@]}"; do
    read -r routing ranks nodes placement fabric workers <<<"$shape"
    run "$workload" --routing "$routing" -n "$ranks" --nodes "$nodes" --placement "$placement" \
      --fabric "$fabric" --workers "$workers"
    grep -q "\"routing\":\"$routing\"" "$BUDDY_RESULT_FILE" || fail "$workload: no $routing"
    grep -q ", routing $routing: " "$scratch/out" || fail "$workload does not say $routing"
    (( $(value forwarded_records) > 0 )) || fail "$workload, $shape: nothing was forwarded"
    (( $(value along_records) >= $(value forwarded_records) )) || fail "$workload, $shape: hops"
    answer=$(answer_of_run)
    [[ -n $answer && ${answers[$ranks]:=$answer} == "$answer" ]] || fail "$workload, $shape: $answer"
  done
  for ranks in "${!answers[@]}"; do
    run "$workload" --routing direct -n "$ranks" --nodes 3 --placement host
    [[ $(answer_of_run) == "${answers[$ranks]}" ]] || fail "$workload: directly another answer"
    [[ $(value forwarded_records) == 0 && $(value across_records) == 0 ]] || fail "$workload: hops"
    ! grep -q ', routing ' "$scratch/out" || fail "$workload says that it routes directly"
  done
  unset answers
  echo "ok: $workload"
done

# What changes nothing is said once, and nobody is told it again.
"$buddy" run --routing node -n 2 -- "$BUDDY_BIN_DIR/buddy-histogram" --updates 1k --table 100 \
  >"$scratch/out" 2>"$scratch/err" || fail "node with one node"
[[ $(wc -l <"$scratch/err") == 1 ]] || { cat "$scratch/err"; fail "not said once"; }
grep -q '^buddy run: --routing node is direct routing in placement host (there is one node)' \
  "$scratch/err" || { cat "$scratch/err"; fail "node with one node is not explained"; }

# Without the command the library says it, rank 0 alone.
BUDDY_ROUTING=node "$BUDDY_MPIEXEC" -n 2 "$BUDDY_BIN_DIR/buddy-histogram" --updates 1k --table 100 \
  >"$scratch/out" 2>"$scratch/err" || fail "node with one node, by mpirun"
[[ $(grep -c '^buddy: routing node is direct routing (2 engines on 1 nodes' "$scratch/err") == 1 ]] ||
  { cat "$scratch/err"; fail "the library does not say it once"; }
BUDDY_ROUTING=torus "$BUDDY_MPIEXEC" -n 2 "$BUDDY_BIN_DIR/buddy-histogram" --updates 1k \
  >"$scratch/out" 2>"$scratch/err" && fail "no such routing"
grep -q 'BUDDY_ROUTING=torus means nothing (allowed are auto, direct, node and grid)' "$scratch/err" ||
  { cat "$scratch/err"; fail "which routings there are is not said"; }

# The setting of a benchmark, its report, and a profile with its prediction.
"$buddy" bench histogram --updates 20k --table 1000 -n 4 --nodes 2 --repeat 1 --routing grid \
  --json "$scratch/report.json" >"$scratch/out" 2>"$scratch/err" ||
  { cat "$scratch/out" "$scratch/err"; fail "bench"; }
grep -q 'fabric shm, .*, routing grid (host)' "$scratch/out" || { cat "$scratch/out"; fail "setting"; }
[[ $(grep -c '"routing": "grid"' "$scratch/report.json") == 1 ]] || fail "grid in the report"
[[ $(grep -c '"routing": "direct"' "$scratch/report.json") == 1 ]] || fail "direct in the report"
[[ $(grep -c 'is direct routing in placement engine' "$scratch/err") == 1 ]] || fail "bench says it"
"$buddy" profile -n 4 --nodes 2 --fabric ucx --routing node --json "$scratch/profile.json" -- \
  "$BUDDY_BIN_DIR/buddy-histogram" --updates 20k --table 1000 >"$scratch/out" 2>&1 ||
  { cat "$scratch/out"; fail "profile"; }
grep -qE '^routing +node: [0-9]+ % of the records between engines were forwarded' "$scratch/out" ||
  { cat "$scratch/out"; fail "the profile does not say what was forwarded"; }
for engine in x86 slowdown=2.5; do
  "$buddy" predict "$scratch/profile.json" --engine "$engine" >"$scratch/out" 2>&1 ||
    { cat "$scratch/out"; fail "predict"; }
  grep -qE '^routing +routing was node, and 0\.[0-9]+ of the messages were forwarded' "$scratch/out" ||
    { cat "$scratch/out"; fail "the prediction does not say that messages were forwarded"; }
done
