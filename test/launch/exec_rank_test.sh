# CPUs of ranks before MPI starts: one launcher's variables say who gets which, and nonsense in them
# is refused by name.
set -uo pipefail
buddy=$BUDDY_BIN_DIR/buddy
failures=0
for name in $(compgen -e | grep -E '^(OMPI_COMM_WORLD|PMI|PMIX|MPI_LOCAL|SLURM)_?'); do unset "$name"; done
unset BUDDY_JOB_DIR

# check NAME EXPECTED_CODE PATTERN VARIABLE=VALUE...
check() {
  local name=$1 code=$2 pattern=$3 out result
  shift 3
  out=$(env "$@" "$buddy" exec-rank -- /bin/sh -c 'grep Cpus_allowed_list /proc/self/status' 2>&1)
  result=$?
  if [[ $result == "$code" && $out =~ $pattern ]]; then
    echo "ok: $name"
  else
    echo "FAILED: $name: exit code $result, output: $out"
    failures=$((failures + 1))
  fi
}

# The first CPU this test may use: every machine has it.
allowed=$(awk '/Cpus_allowed_list/ {print $2}' /proc/self/status)
first=${allowed%%[-,]*}
check "no launcher: all of the list" 0 "list:.*$allowed\$" BUDDY_HOST_CPUS="$allowed"
check "the first rank gets the first" 0 "list:[[:space:]]*$first\$" BUDDY_HOST_CPUS="$first" \
  OMPI_COMM_WORLD_LOCAL_RANK=0 OMPI_COMM_WORLD_LOCAL_SIZE=1
for value in -5 2 x ''; do
  check "an index of '$value'" 1 "buddy: OMPI_COMM_WORLD_LOCAL_RANK=$value cannot be" \
    BUDDY_HOST_CPUS="$first" OMPI_COMM_WORLD_LOCAL_RANK="$value" OMPI_COMM_WORLD_LOCAL_SIZE=2
done
check "an index without a number" 1 'buddy: OMPI_COMM_WORLD_LOCAL_SIZE is not set' \
  BUDDY_HOST_CPUS="$first" OMPI_COMM_WORLD_LOCAL_RANK=0
check "a number of another launcher" 1 'buddy: OMPI_COMM_WORLD_LOCAL_SIZE is not set' \
  BUDDY_HOST_CPUS="$first" OMPI_COMM_WORLD_LOCAL_RANK=0 MPI_LOCALNRANKS=2
exit $((failures != 0))
