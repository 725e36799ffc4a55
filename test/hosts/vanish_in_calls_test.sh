#!/usr/bin/env bash
# A machine vanishes in the middle of traffic, without `buddy run`: the ranks themselves notice it,
# by engines inside them and by an engine on another machine.
# timeout: 240
set -uo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/machines.sh"
machine h1
machine h2
machine e1
bin=$BUDDY_BIN_DIR
timeout_s=4
limit_ms=$(((timeout_s + 6) * 1000))  # promised are 2 s beyond it; a busy machine may need more
if [[ $("$BUDDY_MPIEXEC" --version 2>&1) == *Open* ]]; then
  spread=(--host h1,h2 --mca btl tcp,self)
  together=(--host h1:2)
  pass=-x
else
  spread=(-hosts h1,h2)
  together=(-hosts h1)
  pass=-genvlist
fi
export BUDDY_PEER_TIMEOUT=$timeout_s BUDDY_PLACEMENT BUDDY_JOB_KEY BUDDY_ENGINE_ADDRESS
BUDDY_JOB_KEY=$(od -An -tx8 -N16 /dev/urandom | tr -d ' \n')
now_ms() { echo $(($(date +%s%N) / 1000000)); }

begin_ranks() {  # begin_ranks LAUNCHER_OPTION...: two of them
  local variable variables=(BUDDY_PEER_TIMEOUT BUDDY_PLACEMENT BUDDY_JOB_KEY BUDDY_ENGINE_ADDRESS)
  local options=("$@")
  if [[ $pass == -x ]]; then
    for variable in "${variables[@]}"; do options+=(-x "$variable"); done
  else
    options+=(-genvlist "$(IFS=,; echo "${variables[*]}")")
  fi
  : >"$scratch/out"
  on h1 "$BUDDY_MPIEXEC" -n 2 "${options[@]}" "$bin/test/victim" traffic >"$scratch/out" 2>&1 </dev/null &
  await 60 grep -q 'all ranks are busy' "$scratch/out" || failed "the ranks do not start"
  sleep "$((2 + RANDOM % 20))e-1"
}

noticed() {  # noticed WHAT PATTERN: by a rank on h1, in time
  local begin took
  begin=$(now_ms)
  await $((timeout_s + 20)) grep -qE "$2" "$scratch/out"
  took=$(($(now_ms) - begin))
  if grep -qE "$2" "$scratch/out" && (( took <= limit_ms )); then
    ok "$1: after $took ms"
  else
    failed "$1: not within $limit_ms ms but $took ms"
  fi
}

end_ranks() {  # end_ranks NAME...: the launcher may wait for the machine that is gone
  local name
  for name; do
    while strike "$name" 'mpi(run|exec)|orted|hydra|victim' KILL 2>/dev/null; do sleep 0.05; done
  done
  wait "$(jobs -p %% 2>/dev/null)" 2>/dev/null
}

for ((round = 1; round <= ${BUDDY_VANISH_ROUNDS:-2}; round++)); do
  BUDDY_PLACEMENT=host BUDDY_ENGINE_ADDRESS='' begin_ranks "${spread[@]}"
  cable h2 down
  noticed "a machine of ranks, round $round" 'the machine h2 does not answer'
  end_ranks h1 h2
  cable h2 up
  await 10 on h1 bash -c '(: </dev/tcp/h2/1) 2>&1 | grep refused'
done

on e1 "$bin/buddy" engine --listen tcp:10.77.0.3 >"$scratch/engine" 2>&1 &
await 20 grep -q 'listens at' "$scratch/engine" || failed "the engine does not start"
BUDDY_PLACEMENT=engine BUDDY_ENGINE_ADDRESS=tcp:10.77.0.3 begin_ranks "${together[@]}"
cable e1 down
noticed "the machine of the engine" '(10\.77\.0\.3|e1).* does not answer|does not answer.*(10\.77\.0\.3|e1)'
end_ranks h1
sleep "$timeout_s"
await 5 grep -q 'all of its ranks have left\|does not answer\|has ended' "$scratch/engine" ||
  failed "the engine keeps the job whose ranks' machine vanished: $(<"$scratch/engine")"
finish
