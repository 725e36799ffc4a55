#!/usr/bin/env bash
# Ranks of this machine's architecture with engines of another one, under an emulator: the same bytes
# over rings and over the network, the same answers. UCX connects the engines, or rings do.
# Runs with a network, a /dev/shm and processes of its own where namespaces can be made, so that nothing of it is
# left however it ends.
# usage: mixed.sh BIN_DIR ENGINE...     ENGINE...: how to start the other architecture's buddy
set -euo pipefail
if [[ ${BUDDY_MIXED_ALONE:-} != yes ]]; then
  alone=(unshare --net --mount --pid --ipc --fork --kill-child --mount-proc)
  (( $(id -u) == 0 )) || alone+=(--map-root-user)
  export BUDDY_MIXED_ALONE=yes OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
  ! "${alone[@]}" ip link set lo up 2>/dev/null ||
    TMPDIR=/dev/shm exec "${alone[@]}" bash -c \
      'mount -t tmpfs -o mode=1777 tmpfs /dev/shm && ip link set lo up && exec bash "$0" "$@"' "$0" "$@"
fi
bin=$1
engine=("${@:2}")
emulator="${engine[*]::${#engine[@]}-1}"
scratch=$(mktemp -d "${TMPDIR:-/tmp}/buddy-mixed.XXXXXX")
engines=()
job_dir=

end_engines() {
  (( ${#engines[@]} == 0 )) || kill "${engines[@]}" 2>/dev/null || true
  wait "${engines[@]}" 2>/dev/null || true
  engines=()
  [[ -z $job_dir ]] || rm -rf "$job_dir"
}
trap 'end_engines; rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM HUP

fail() {
  echo "FAILED: $*"
  cat "$scratch"/*.log 2>/dev/null || true
  exit 1
}

value() {  # value KEY: a number of the result file; nothing if it has none
  grep -oE "\"$1\":[0-9.]+" "$scratch/result.json" | cut -d: -f2 || true
}

# start_engines LINK NODES WORKERS: one for each node. LINK: how ranks reach them. rings: in shared
# memory; service: the same, of a service; ucx: over the network, of a service
start_engines() {
  local node listen
  job_dir=$(mktemp -d /dev/shm/buddy-mixed.XXXXXX)
  export BUDDY_JOB_DIR=$job_dir BUDDY_JOB_KEY BUDDY_JOB_ID
  BUDDY_JOB_KEY=$(od -An -tx8 -N16 /dev/urandom | tr -d ' ')
  BUDDY_JOB_ID=$(od -An -tx8 -N16 /dev/urandom | tr -d ' ')
  for (( node = 0; node < $2; ++node )); do
    listen=(--listen "unix:$job_dir/engine-$node.sock")
    [[ $1 == rings ]] || listen=(--listen tcp:127.0.0.1:0 --port-file "$job_dir/port-$node")
    BUDDY_EMULATOR=$emulator "${engine[@]}" engine "${listen[@]}" --workers "$3" \
      >"$scratch/engine-$node.log" 2>&1 &
    engines+=($!)
  done
  for (( node = 0; node < $2; ++node )); do
    await "$job_dir/engine-$node.sock" "$job_dir/port-$node" || fail "engine $node does not listen"
  done
}

await() {  # await FILE...: until one of them is there
  local tries file
  for (( tries = 0; tries < 600; ++tries )); do
    for file; do [[ ! -S $file && ! -s $file ]] || return 0; done
    sleep 0.1
  done
  return 1
}

# run_ranks LINK NODES FABRIC RANKS PROGRAM ARGS: with the engines that were started
run_ranks() {
  local link=$1 nodes=$2 fabric=$3 ranks=$4 node rank of_node line=()
  shift 4
  for (( node = 0, rank = 0; node < nodes; ++node )); do
    for (( of_node = 0; rank < ranks && rank * nodes / ranks == node; ++rank )); do
      of_node=$(( of_node + 1 ))
    done
    line+=(${line[0]:+:} -n "$of_node")
    [[ $link == rings ]] ||
      line+=(env "BUDDY_ENGINE_ADDRESS=tcp:127.0.0.1:$(<"$job_dir/port-$node")")
    line+=("$@")
  done
  BUDDY_PLACEMENT=engine BUDDY_LINK=${link/service/rings} BUDDY_NODES=$nodes BUDDY_FABRIC=$fabric \
    timeout 300 mpirun --oversubscribe --bind-to none "${line[@]}" \
    >"$scratch/ranks.log" 2>&1 </dev/null
}

# mixed LINK NODES WORKERS FABRIC RANKS PROGRAM ARGS: the answer that engines in the ranks give
mixed() {
  local link=$1 nodes=$2 workers=$3 fabric=$4 ranks=$5 answer messages
  shift 5
  export BUDDY_RESULT_FILE=$scratch/result.json
  unset BUDDY_JOB_DIR BUDDY_JOB_KEY BUDDY_JOB_ID
  "$bin/buddy" run -n "$ranks" -- "$bin/$1" "${@:2}" >"$scratch/host.log" 2>&1 || fail "$* in host"
  answer=$(value answer_checksum)
  messages=$(value messages)
  rm "$scratch/result.json"
  start_engines "$link" "$nodes" "$workers"
  run_ranks "$link" "$nodes" "$fabric" "$ranks" "$bin/$1" "${@:2}" || fail "$*"
  end_engines
  grep -q ', verified$' "$scratch/ranks.log" || fail "$* does not say it verified its answer"
  grep -q '"placement":"engine"' "$scratch/result.json" || fail "$* ran elsewhere"
  [[ $(value answer_checksum) == "$answer" && $(value messages) == "$messages" ]] ||
    fail "$*: $(cat "$scratch/result.json") instead of $answer, $messages messages"
  echo "$* ($link, $nodes nodes, $workers workers, $fabric): $messages messages, $(value seconds) s"
}

# Over the loopback interface, which nobody else uses in a network of its own.
sent_bytes() { awk '$1 == "lo:" { print $10 }' /proc/net/dev; }

# mixed_sizes LINK NODES WORKERS FABRIC RANKS MESSAGES: each is checked where it arrives
mixed_sizes() {
  local began=$SECONDS before bytes
  unset BUDDY_RESULT_FILE
  before=$(sent_bytes)
  start_engines "$1" "$2" "$3"
  run_ranks "$1" "$2" "$4" "$5" "$bin/test/mixed_sizes" "$6" || fail "messages of mixed sizes"
  end_engines
  grep -q ": 0 wrong, 0 missing" "$scratch/ranks.log" || fail "messages of mixed sizes"
  echo "mixed sizes ($1, $2 nodes, $3 workers, $4): $(cat "$scratch/ranks.log"), $(( SECONDS - began )) s"
  # Every message goes to an engine and comes from one.
  bytes=$(grep -oE '[0-9]+ bytes' "$scratch/ranks.log")
  [[ $1 != ucx ]] || (( $(sent_bytes) - before >= 2 * ${bytes% bytes} )) ||
    fail "messages of mixed sizes did not go over the network"
}

mixed rings 1 1 shm 2 buddy-histogram --updates 100000 --table 10007
mixed rings 2 2 shm 4 buddy-histogram --updates 50000 --payload 64
mixed rings 2 1 ucx 4 buddy-indexgather --requests 30001 --table 5003
mixed rings 2 1 ucx 4 buddy-bfs --scale 9 --roots 3
mixed rings 2 1 shm 2 buddy-permute --scale 9 --edgefactor 7 --field complex
mixed rings 2 1 shm 4 buddy-triangles --scale 8
mixed_sizes rings 2 1 ucx 2 10000000

mixed service 2 1 ucx 4 buddy-transpose --scale 10

mixed ucx 1 1 ucx 2 buddy-histogram --updates 100000 --table 10007
mixed ucx 2 2 ucx 4 buddy-histogram --updates 50000 --payload 64
mixed ucx 2 1 ucx 4 buddy-indexgather --requests 30001 --table 5003
mixed ucx 2 1 ucx 4 buddy-bfs --scale 9 --roots 3
mixed ucx 2 1 ucx 2 buddy-permute --scale 9 --edgefactor 7 --field complex
mixed ucx 2 1 ucx 2 buddy-toposort --scale 9 --edgefactor 5
mixed ucx 2 1 ucx 4 buddy-triangles --scale 8
mixed ucx 2 1 ucx 4 buddy-sssp --scale 9 --rounds 2
mixed ucx 2 1 ucx 4 buddy-transpose --scale 10
mixed ucx 2 1 ucx 2 buddy-transport --particles 2000
mixed ucx 2 1 ucx 4 buddy-latency --rounds 300
mixed_sizes ucx 2 1 ucx 2 10000000
echo "answers are those of ranks that route themselves"
