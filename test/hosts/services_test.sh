#!/usr/bin/env bash
# Ranks on hosts, engines on machines of their own that run them as services: nothing is shared but
# the wire.
# timeout: 240
set -uo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/machines.sh"
source "$here/workloads.sh"
machine h1
machine h2
machine d1
machine d2
bin=$BUDDY_BIN_DIR
hosts=$scratch/hosts
printf 'h1 slots=2\nh2 slots=2\n' >"$hosts"
printf 'h1 d1\nh2 d2:7200\n' >"$scratch/engines"
(umask 077; od -An -tx8 -N16 /dev/urandom | tr -d ' ' >"$scratch/key")
services=()
for engine in d1:10.77.0.3 d2:10.77.0.4:7200; do
  on "${engine%%:*}" "$bin/buddy" engine --listen "tcp:${engine#*:}" --key-file "$scratch/key" \
    --port-file "$scratch/${engine%%:*}.port" >"$scratch/${engine%%:*}.log" 2>&1 &
  services+=($!)
done
await 10 test -s "$scratch/d1.port" -a -s "$scratch/d2.port" || failed "the services start"
run=("$bin/buddy" run --hosts "$hosts" --engines "$scratch/engines" --key-file "$scratch/key")

run_workloads "services" on h1 "${run[@]}" --
all_clean "nothing is left on the hosts" h1 h2

# Messages pass the engines: what h1 sends to h2 goes over the cables of d1 and d2.
before=($(packets d1) $(packets d2))
ends 0 ', verified$' "a run that is counted" on h1 "${run[@]}" -- \
  "$bin/buddy-histogram" --updates 500000 --table 2^16 --payload 64
after=($(packets d1) $(packets d2))
(( after[0] - before[0] > 1000 && after[1] - before[1] > 1000 )) &&
  ok "packets over the engines' cables: $((after[0] - before[0])), $((after[1] - before[1]))" ||
  failed "packets over the engines' cables: $((after[0] - before[0])), $((after[1] - before[1]))"

ends 0 'histogram' "bench" on h1 "$bin/buddy" bench histogram --hosts "$hosts" --repeat 1 \
  --engines "$scratch/engines" --key-file "$scratch/key" --updates 20000

# Another key than the services'.
(umask 077; echo 0123456789abcdef0123456789abcdef >"$scratch/other")
ends 1 'key' "another key" on h1 "$bin/buddy" run --hosts "$hosts" --engines "$scratch/engines" \
  --key-file "$scratch/other" -- "$bin/buddy-histogram" --updates 1000
printf 'h1 d1\nh2 d2\n' >"$scratch/engines"
ends 1 'd2' "no engine at that port" on h1 "${run[@]}" -- "$bin/buddy-histogram" --updates 1000
all_clean "nothing is left of it all" h1 h2
for name in d1 d2; do strike "$name" 'buddy engine' TERM; done
wait "${services[@]}"
all_clean "nothing is left on the engines' machines" d1 d2
finish
