#!/usr/bin/env bash
# Machines behind wires that delay packets, limit their rate and lose some: the same answers, and
# nobody is taken for vanished.
# timeout: 120
set -uo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/machines.sh"
if [[ ! -c /dev/net/tun ]]; then
  echo "SKIPPED: there is no /dev/net/tun for slow wires"
  exit 0
fi
machine h1
machine h2 10 10 100
bin=$BUDDY_BIN_DIR
hosts=$scratch/hosts
printf 'h1\nh2\n' >"$hosts"

# Somebody who connects has waited for two ways of the wire, at least.
begin=$(date +%s%N)
on h1 bash -c ': </dev/tcp/h2/1' 2>/dev/null
took_ms=$((($(date +%s%N) - begin) / 1000000))
(( took_ms >= 20 )) && ok "the wire delays: $took_ms ms" || failed "the wire delays: $took_ms ms"

for placement in host engine; do
  ends 0 ', verified$' "histogram, $placement placement" on h1 "$bin/buddy" run --hosts "$hosts" \
    --peer-timeout 5 --placement "$placement" -- "$bin/buddy-histogram" --updates 100000 --table 2^10
  ends 0 ', verified$' "bfs, $placement placement" on h1 "$bin/buddy" run --hosts "$hosts" \
    --peer-timeout 5 --placement "$placement" -- "$bin/buddy-bfs" --scale 8
done
all_clean "nothing is left" h1 h2
finish
