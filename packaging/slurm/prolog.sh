#!/usr/bin/env bash
# Slurm's Prolog on a node whose messages an engine routes: starts the engine if it is told how, waits
# until it answers, and gives the job's user its key and address in /run/buddy/job-ID.
# If it fails, Slurm drains the node and queues the job again. See docs/deploy.md; settings.sh says
# what can be set.
set -euo pipefail
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# shellcheck source=packaging/slurm/settings.sh
. "$here/settings.sh"

[[ ${SLURM_JOB_UID:-} =~ ^[0-9]+$ ]] ||
  complain "no user (SLURM_JOB_UID is '${SLURM_JOB_UID:-}') this is for Slurm's Prolog"
[[ -f $KEY && -r $KEY ]] || complain "cannot read the engine's key $KEY (a file of root's) put it there"

answers() { timeout 1 bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$host" "$port" 2>/dev/null; }

[[ -z $START ]] || bash -c "$START" || complain "cannot start the engine ($START failed) see its log"
for (( deadline = SECONDS + SECONDS_TO_ANSWER; ; )); do
  ! answers || break
  (( SECONDS < deadline )) || complain \
    "the engine at $ENGINE does not answer ($SECONDS_TO_ANSWER s have passed) see its log: journalctl -u buddy-engine"
  sleep 0.2
done

# A job that was queued again has the same number.
rm -rf "$folder"
install -d -m 0755 "$(dirname "$folder")"
install -d -m 0700 "$folder"
install -m 0400 "$KEY" "$folder/key"
echo "${SLURMD_NODENAME:-$(hostname -s)} $ENGINE" >"$folder/engine"
chown -R "$SLURM_JOB_UID" "$folder"
