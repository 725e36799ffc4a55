# MPI tells which ranks share a machine: whatever the launcher's variables say, BUDDY_NODES=2 makes
# two nodes of it.
set -uo pipefail
bin=$BUDDY_BIN_DIR
places=$bin/test/places
read -ra launch <<<"$BUDDY_MPIEXEC ${BUDDY_MPIEXEC_FLAGS:-}"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

fail() {  # fail WHAT
  echo "FAILED: $1"
  sed 's/^/  | /' "$folder/out"
  failures=$((failures + 1))
}

# two_nodes NAME WORDS...: ranks 0 and 1 on the first node, 2 and 3 on the second, also in parts.
# The words come before each rank's program. Parts are made both before and after all, or only after.
two_nodes() {
  local name=$1 order result rank of count
  shift
  for order in "${orders[@]}"; do
    BUDDY_NODES=2 "$bin/test/nothing_left" 60 "${launch[@]}" -n 4 "$@" "$places" $order \
      >"$folder/out" 2>&1
    result=$?
    [[ $result == 0 ]] || { fail "$name, $order: exit code $result"; continue; }
    for rank in 0 1 2 3; do
      of=$([[ $((rank % 2)) == 0 ]] && echo even || echo odd)
      count=$([[ $order == parts-first ]] && echo 2 || echo 1)
      [[ $(grep -c "^all: rank $rank on node $((rank / 2)) of 2\$" "$folder/out") == 1 ]] ||
        { fail "$name, $order: rank $rank of all"; continue 2; }
      # Parts number their nodes from the one of their first rank, which is the last of all.
      [[ $(grep -c "^$of: rank $rank on node $((1 - rank / 2)) of 2\$" "$folder/out") == "$count" ]] ||
        { fail "$name, $order: rank $rank of $of"; continue 2; }
    done
    echo "ok: $name, $order"
  done
}

orders=(all-first parts-first)
two_nodes "as the launcher sets them"
orders=(parts-first)
two_nodes "none of the variables" env -u OMPI_COMM_WORLD_LOCAL_RANK -u OMPI_COMM_WORLD_LOCAL_SIZE \
  -u MPI_LOCALRANKID -u MPI_LOCALNRANKS -u SLURM_LOCALID
two_nodes "the size alone" env -u OMPI_COMM_WORLD_LOCAL_RANK -u MPI_LOCALRANKID
two_nodes "an index that cannot be" env OMPI_COMM_WORLD_LOCAL_RANK=-5 MPI_LOCALRANKID=-5
two_nodes "text" env OMPI_COMM_WORLD_LOCAL_RANK=x OMPI_COMM_WORLD_LOCAL_SIZE=y
two_nodes "those of a job around this one" env SLURM_LOCALID=0 OMPI_COMM_WORLD_LOCAL_RANK=0 \
  OMPI_COMM_WORLD_LOCAL_SIZE=1 MPI_LOCALRANKID=0 MPI_LOCALNRANKS=1

# A rank whose settings mean nothing takes part in asking all the same.
"$bin/test/nothing_left" 60 "${launch[@]}" -n 1 env BUDDY_NODES=2 "$places" : \
  -n 1 env BUDDY_NODES=2x "$places" >"$folder/out" 2>&1
if [[ $? == 9[67] || $(grep -c 'code 1: rank 1: BUDDY_NODES=2x ' "$folder/out") != 2 ]]; then
  fail "bad settings on one rank"
else
  echo "ok: bad settings on one rank"
fi

exit $((failures != 0))
