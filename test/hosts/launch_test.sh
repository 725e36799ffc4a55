#!/usr/bin/env bash
# Ranks on two machines: every workload, which wire carries it, bench and profile, what is wrong with
# host files.
# timeout: 240
set -uo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/machines.sh"
source "$here/workloads.sh"
machine head
machine h1
machine h2
bin=$BUDDY_BIN_DIR
hosts=$scratch/hosts
printf 'h1 slots=2  # two\nh2 slots=2\n' >"$hosts"

run_workloads "host placement" on head "$bin/buddy" run --hosts "$hosts" --
all_clean "nothing is left" head h1 h2

# --- Ranks are where the file says, also if this machine is one of them.
printf 'h2 slots=2\nhead\nh1\n' >"$scratch/order"
on head "$bin/buddy" run --hosts "$scratch/order" -n 4 -- \
  bash -c 'echo "${OMPI_COMM_WORLD_RANK:-$PMI_RANK} $(hostname)"' | sort >"$scratch/out"
[[ $(tr '\n' ' ' <"$scratch/out") == '0 h2 1 h2 2 head 3 h1 ' ]] &&
  ok "ranks follow the file" || failed "ranks follow the file"

# --- Messages between machines take their cables, and those within one do not.
crossing() {  # crossing HOSTS ARGS...: packets over h1's cable during a run
  local before
  before=$(packets h1)
  on head "$bin/buddy" run --hosts "$@" >"$scratch/out" 2>&1 || failed "run with --hosts $*"
  echo $(($(packets h1) - before))
}
echo 'h1 slots=2' >"$scratch/one"
histogram=("$bin/buddy-histogram" --updates 1000000 --table 2^16 --payload 64)
within=$(crossing "$scratch/one" -- "${histogram[@]}")
between=$(crossing "$hosts" -n 4 -- "${histogram[@]}")
# Half of 4 x 1,000,000 messages of 64 bytes: about 2,000 packets of 64 KiB, even if all are large.
(( between > 2000 && within < 1000 )) && ok "packets: $within within h1, $between with h2" ||
  failed "packets: $within within h1, $between with h2"

# --- Reports.
ends 0 'histogram' "bench" on head "$bin/buddy" bench histogram --hosts "$hosts" \
  --updates 20000 --repeat 1 --compare host,alltoallv --json "$scratch/bench.json"
grep -q '"fabric": "ucx"' "$scratch/bench.json" && ! grep -q '"fabric": "shm"' "$scratch/bench.json" &&
  ok "the report names the fabric between machines" || failed "the report names the fabric between machines"
ends 0 'ratio' "profile" on head "$bin/buddy" profile --hosts "$hosts" \
  --json "$scratch/profile.json" -- "$bin/buddy-histogram" --updates 20000
[[ $(grep -c '"rank":' "$scratch/profile.json") == 4 ]] && ok "profiles of all ranks come back" ||
  failed "profiles of all ranks come back"
all_clean "nothing is left of reports" head h1 h2

# --- What is wrong is said before anything runs.
wrong() {  # wrong PATTERN WHAT TEXT OPTION...: with a host file of this text
  local pattern=$1 what=$2 text=$3
  shift 3
  printf '%b' "$text" >"$scratch/wrong"
  on head "$bin/buddy" run --hosts "$scratch/wrong" "$@" -- \
    touch "$scratch/ran" >"$scratch/out" 2>&1
  if [[ $? == 0 || -e $scratch/ran ]] || ! grep -qE -- "$pattern" "$scratch/out"; then
    failed "$what, expected '$pattern'"
  else
    ok "$what"
  fi
  rm -f "$scratch/ran"
}
wrong 'names no machine' "an empty file" '# nothing\n'
wrong "there is no machine 'h9'" "an unknown machine" 'h1\nh9\n'
wrong ':2: h1 is there twice' "a machine twice" 'h1\nh1 slots=2\n'
wrong 'h1 and 10.77.0.2 are one machine' "two names of a machine" 'h1\n10.77.0.2\n'
wrong ":1: cannot take 'slots=0'" "no slots" 'h1 slots=0\n'
wrong 'cannot start 5 ranks .*have 4 slots' "more ranks than slots" 'h1 slots=2\nh2 slots=2\n' -n 5
wrong 'split 1 ranks of a machine into 2 nodes' "more nodes than ranks" 'h1 slots=2\nh2\n' --nodes 2
ends 2 'cannot read .*No such file' "no file" on head "$bin/buddy" run --hosts /none -- true
wrong 'h1: --host-cpus names CPU 999' "a CPU that a machine does not have" 'h1\n' --host-cpus 999
for ((i = 0; i < 100000; i++)); do echo "node$i slots=4"; done >"$scratch/long"
begin=$SECONDS
ends 1 "there is no machine 'node0'" "a long file" timeout 5 nsenter --target "${first_process[head]}" \
  --all -- "$bin/buddy" run --hosts "$scratch/long" -n 4 -- true
(( SECONDS - begin <= 5 )) || failed "a long file takes $((SECONDS - begin)) s"
all_clean "nothing is left of what was wrong" head h1 h2
finish
