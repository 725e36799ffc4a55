#!/usr/bin/env bash
# The machines themselves: what they share and what not, and that nothing of them is left, however
# the script that makes them ends.
# timeout: 60
set -uo pipefail
if [[ ${1:-} == victim ]]; then
  shift
  source "$(dirname "${BASH_SOURCE[0]}")/machines.sh" victim
  machine h1
  machine h2
  on h1 sleep 4321 &
  touch /dev/shm/buddy-harness-outside
  on h2 bash -c 'sleep 4321 & touch /dev/shm/here; echo up'
  wait
  exit
fi
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
failures=0
left() {
  ls -d /dev/shm/buddy-harness-* /mnt/machines 2>/dev/null
  ip link show 2>/dev/null | grep -E ' (h1|h2|bridge)[@:]'
  grep -lasE 'sleep[^.]4321' /proc/[0-9]*/cmdline
}
for signal in KILL TERM; do
  folder=$(mktemp -d)
  mkfifo "$folder/out"
  setsid bash "${BASH_SOURCE[0]}" victim >"$folder/out" 2>&1 &
  victim=$!
  read -r first <"$folder/out"
  if [[ $first == SKIPPED* ]]; then
    echo "$first"
    rm -rf "$folder"
    exit 0
  fi
  if [[ $first != up || -z $(left) ]]; then
    echo "FAILED: the machines do not start: $first"
    exit 1
  fi
  kill -"$signal" "$victim"
  wait "$victim" 2>/dev/null
  for ((i = 0; i < 100; i++)); do [[ -z $(left) ]] && break; sleep 0.05; done
  if [[ -n $(left) ]]; then
    echo "FAILED: left after SIG$signal:"
    left
    failures=$((failures + 1))
  else
    echo "ok: nothing is left after SIG$signal"
  fi
  rm -rf "$folder"
done
exit $((failures != 0))
