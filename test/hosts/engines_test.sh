#!/usr/bin/env bash
# Engine placement on two machines: each starts its own engines, and their figures come back.
# timeout: 240
set -uo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/machines.sh"
source "$here/workloads.sh"
machine h1
machine h2
bin=$BUDDY_BIN_DIR
hosts=$scratch/hosts
printf 'h1 slots=2\nh2 slots=2\n' >"$hosts"

run_workloads "engine placement" on h1 "$bin/buddy" run --hosts "$hosts" --placement engine --
all_clean "nothing is left" h1 h2

# --- One engine for each node of each machine, where it belongs, and the key on no command line.
on h1 "$bin/buddy" run --hosts "$hosts" --placement engine --nodes 2 -- sleep 3 >"$scratch/out" 2>&1 &
running=$!
engines_listen() { on "$1" bash -c 'ls /dev/shm/buddy-*/engine-1.sock' && [[ $(processes "$1" | grep -c 'buddy engine') == 2 ]]; }
for name in h1 h2; do
  await 10 engines_listen "$name" && ok "two engines on $name" || failed "two engines on $name"
done
key=$(on h2 bash -c 'tr "\0" "\n" </proc/$0/environ | sed -n s/BUDDY_JOB_KEY=//p' "$(find_process h2 'buddy engine')")
{ processes h1; processes h2; } >"$scratch/processes"
[[ ${#key} == 32 ]] && ! grep -qF "$key" "$scratch/processes" && ok "the key is on no command line" ||
  failed "the key is on no command line"
wait "$running" && ok "the job ends well" || failed "the job ends well"

ends 0 'histogram' "bench" on h1 "$bin/buddy" bench histogram --hosts "$hosts" --placement engine \
  --updates 200000 --repeat 1 --json "$scratch/bench.json"
grep -qE '"engine_cpu_seconds": 0\.0*[1-9]' "$scratch/bench.json" &&
  grep -qE '"engine_cpu_utilization": [0-9]' "$scratch/bench.json" &&
  ok "what engines cost is reported" || failed "what engines cost is reported"
all_clean "nothing is left of it all" h1 h2

# --- Services: tables that cannot be.
wrong() {  # wrong PATTERN WHAT TEXT
  printf '%b' "$3" >"$scratch/engines"
  ends 2 "$1" "$2" on h1 env BUDDY_JOB_KEY=0123456789abcdef0123456789abcdef \
    "$bin/buddy" run --hosts "$hosts" --engines "$scratch/engines" -- true
}
wrong 'names no engine' "an empty table" '#\n'
wrong 'has no engine for h2' "a machine without an engine" 'h1 h1\n'
wrong 'has an engine for h9' "an unknown machine" 'h1 h1\nh2 h2\nh9 h1\n'
wrong ':2: h1 is there twice' "a machine twice" 'h1 h1\nh1 h2\n'
wrong ":1: cannot take 'h1 h1:99999'" "a port that is none" 'h1 h1:99999\n'
printf 'h1 fd00::1\nh2 h2\n' >"$scratch/engines"
ends 1 'h1 cannot reach its engine at fd00::1' "an address of another family" on h1 \
  env BUDDY_JOB_KEY=0123456789abcdef0123456789abcdef \
  "$bin/buddy" run --hosts "$hosts" --engines "$scratch/engines" -- true
echo 0123456789abcdef0123456789abcdef >"$scratch/key"
chmod 644 "$scratch/key"
ends 2 'other users can read' "a key that everybody can read" on h1 \
  "$bin/buddy" run --hosts "$hosts" --engines "$scratch/engines" --key-file "$scratch/key" -- true
ends 2 "the engines' key is not known" "no key" on h1 env -u BUDDY_JOB_KEY \
  "$bin/buddy" run --hosts "$hosts" --engines "$scratch/engines" -- true
# Ranks are told the address of their own machine's engine.
printf 'h1 10.77.0.1:71\nh2 h2\n' >"$scratch/engines"
chmod 600 "$scratch/key"
on h1 "$bin/buddy" run --hosts "$hosts" --engines "$scratch/engines" --key-file "$scratch/key" -- \
  bash -c 'echo "$(hostname) $BUDDY_ENGINE_ADDRESS $BUDDY_PLACEMENT $BUDDY_JOB_KEY"' 2>&1 | sort -u >"$scratch/out"
printf '%s\n' "h1 tcp:10.77.0.1:71 engine 0123456789abcdef0123456789abcdef" \
  "h2 tcp:h2:7117 engine 0123456789abcdef0123456789abcdef" >"$scratch/expected"
cmp -s "$scratch/out" "$scratch/expected" && ok "ranks know their engine" || failed "ranks know their engine"
finish
