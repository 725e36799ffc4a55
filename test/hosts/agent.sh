#!/usr/bin/env bash
# In place of ssh: agent.sh [OPTION...] HOST COMMAND... runs a command on a machine of machines.sh.
while [[ $1 == -* ]]; do shift; done
host=$1
shift
call=$(mktemp -d /mnt/machines/calls/XXXXXX)
mkfifo "$call/out" "$call/err" "$call/status"
printf '%s' "$*" >"$call/command"
if [[ ! -e /mnt/machines/$host.pid ]]; then
  echo "agent.sh: there is no machine $host" >&2
  exit 255
fi
echo "$host $call" >/mnt/machines/requests
cat "$call/out" &
cat "$call/err" >&2 &
read -r code <"$call/status"
wait
rm -rf "$call"
exit "$code"
