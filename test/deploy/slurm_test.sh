#!/usr/bin/env bash
# Prolog and epilog as slurmd runs them, with Slurm's variables and an engine that listens: the job's
# user gets key and address, and loses them; what goes wrong is said, and fails.
set -euo pipefail
scripts=$BUDDY_SOURCE_DIR/packaging/slurm
work=$(mktemp -d "${TMPDIR:-/tmp}/buddy-slurm.XXXXXX")
engine=
trap '[[ -z $engine ]] || kill "$engine"; rm -rf "$work"' EXIT
fail() { echo "FAILED: $*"; cat "$work/said"; exit 1; }

settings() { printf '%s\n' "KEY=$work/key" "$@" >"$work/slurm.conf"; }

slurmd() {  # slurmd SCRIPT NAME=VALUE...: with nothing else in the environment but where things are here
  env -i BUDDY_SLURM_CONF="$work/slurm.conf" BUDDY_SLURM_FOLDER="$work/run" SLURM_JOB_ID=4711 \
    SLURM_JOB_UID="$(id -u)" SLURMD_NODENAME=node-7 "${@:2}" \
    /usr/bin/env bash "$scripts/$1.sh" >"$work/said" 2>&1 </dev/null
}
refuses() {  # refuses WORDS SCRIPT NAME=VALUE...
  if slurmd "${@:2}"; then fail "$2 takes what it should refuse: $1"; fi
  grep -qF -e "$1" "$work/said" || fail "$2 does not say '$1'"
}
none_left() { [[ ! -e $work/run/job-4711 ]] || fail "something of the job is left: $1"; }

for script in "$scripts"/*.sh; do bash -n "$script"; done

# A node without an engine.
slurmd prolog || fail "the prolog fails on a node without an engine"
slurmd epilog || fail "the epilog fails on a node without an engine"
none_left "of a node without an engine"

(umask 077 && od -An -tx8 -N16 /dev/urandom | tr -d ' ' >"$work/key")
"$BUDDY_BIN_DIR/buddy" engine --listen tcp:127.0.0.1:0 --key-file "$work/key" \
  --port-file "$work/port" >"$work/engine.log" 2>&1 &
engine=$!
for (( tries = 0; tries < 100; ++tries )); do
  [[ ! -s $work/port ]] || break
  sleep 0.1
done
address=127.0.0.1:$(<"$work/port")

settings "ENGINE=$address"
for (( round = 0; round < 2; ++round )); do  # a job that is queued again has the same number
  slurmd prolog || fail "the prolog fails"
  [[ $(<"$work/run/job-4711/engine") == "node-7 $address" ]] || fail "another address"
  cmp "$work/key" "$work/run/job-4711/key" || fail "another key"
  [[ $(stat -c '%a %u' "$work/run/job-4711" "$work/run/job-4711/key") == \
    "700 $(id -u)"$'\n'"400 $(id -u)" ]] || fail "others can read the key"
done
slurmd epilog || fail "the epilog fails"
none_left "after the epilog"
slurmd epilog || fail "the epilog fails where nothing is left"

# Engines that are started for the job.
settings "ENGINE=$address" "START='touch $work/started'" "STOP='rm $work/started'"
slurmd prolog && [[ -e $work/started ]] || fail "START was not run"
slurmd epilog && [[ ! -e $work/started ]] || fail "STOP was not run"
refuses "cannot stop the engine" epilog
settings "ENGINE=$address" START=false
refuses "cannot start the engine" prolog
none_left "of a prolog that failed"

settings "ENGINE=$address"
refuses "SLURM_JOB_ID is '../x'" prolog SLURM_JOB_ID=../x
refuses "SLURM_JOB_ID is ''" epilog SLURM_JOB_ID=
refuses "SLURM_JOB_UID is 'root; id'" prolog SLURM_JOB_UID='root; id'
settings ENGINE=
refuses "ENGINE is ''" prolog
settings 'ENGINE=host:port'
refuses "ENGINE is 'host:port'" prolog
settings "ENGINE=$address" "KEY=$work/none"
refuses "cannot read the engine's key $work/none" prolog
kill "$engine"
wait "$engine" || true
engine=
settings "ENGINE=$address" SECONDS_TO_ANSWER=1
refuses "the engine at $address does not answer" prolog
settings "ENGINE=[::1]:${address##*:}" SECONDS_TO_ANSWER=0
refuses "the engine at [::1]:${address##*:} does not answer" prolog
none_left "of a node whose engine is gone"
echo "prolog and epilog do their work"
