#!/usr/bin/env bash
# Parts of a job on two machines are killed: it ends with a message that names what failed, and
# nothing is left on either machine.
# timeout: 240
set -uo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/machines.sh"
machine h1
machine h2
bin=$BUDDY_BIN_DIR
hosts=$scratch/hosts
printf 'h1 slots=2\nh2 slots=2\n' >"$hosts"

runs_on() { processes "$1" | grep -E "^[0-9]+ $bin/test/victim"; }

# killed CODE PATTERN WHAT PLACEMENT MACHINE PROCESS [SIGNAL]: one of its processes in mid-run
killed() {
  local code=$1 pattern=$2 what=$3 placement=$4 where=$5 process=$6 running result begin
  on h1 "$bin/buddy" run --hosts "$hosts" --placement "$placement" -- "$bin/test/victim" traffic \
    >"$scratch/out" 2>&1 &
  running=$!
  if ! await 20 runs_on h1 || ! await 20 runs_on h2; then
    failed "$what: the job does not start"
    kill -KILL "$running"
    return
  fi
  sleep 0.3
  strike "$where" "$process" "${7:-KILL}" || failed "$what: there is no $process on $where"
  begin=$SECONDS
  wait "$running"
  result=$?
  if [[ $code != any && $result != "$code" || $result == 0 || ! $(<"$scratch/out") =~ $pattern ]] ||
    (( SECONDS - begin > 20 )); then
    failed "$what: exit code $result after $((SECONDS - begin)) s, expected $code and '$pattern'"
  else
    ok "$what, exit code $result"
  fi
  all_clean "$what: nothing is left" h1 h2
}

killed 137 'the program failed \(rank [23] on h2, .*signal 9' "a rank" host h2 "^[0-9]+ $bin/test/victim"
killed 137 'the program failed \(rank [01] on h1, .*signal 9' "a rank on the head" engine h1 "^[0-9]+ $bin/test/victim"
killed any 'the engine of node 0 of h2 failed .*signal 9' "an engine" engine h2 'buddy engine'
killed 137 'the MPI launcher failed .*signal 9|exit code 137' "the launcher" engine h1 '^[0-9]+ [^ ]*(mpirun|mpiexec)'
killed any 'rank [23] on h2' "who watches a rank" host h2 'buddy exec-rank'
killed 137 '' "the command" engine h1 '^[0-9]+ [^ ]*buddy run'
killed 143 'stopped by signal 15' "SIGTERM to the command" engine h1 '^[0-9]+ [^ ]*buddy run' TERM
killed 130 'stopped by signal 2' "SIGINT to the command" host h1 '^[0-9]+ [^ ]*buddy run' INT

# A machine that the launcher cannot reach.
rm "$machines/h2.pid"
on h1 "$bin/buddy" run --hosts "$hosts" -- true >"$scratch/out" 2>&1
[[ $? != 0 && $(<"$scratch/out") =~ 'buddy run: '.*('launcher failed'|'does not start') ]] &&
  ok "a machine where nothing can be started" || failed "a machine where nothing can be started"
all_clean "a machine where nothing can be started: nothing is left" h1 h2
finish
