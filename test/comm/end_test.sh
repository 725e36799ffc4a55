# Communicators that end where they must not, or after MPI_Finalize: one message says so, the other
# ranks get an error that names the rank, nobody hangs or crashes, and MPI has nothing to complain.
# timeout: 600
set -uo pipefail
bin=$BUDDY_BIN_DIR
ending=$bin/test/ending
read -ra launch <<<"$BUDDY_MPIEXEC ${BUDDY_MPIEXEC_FLAGS:-}"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

# ends HOW CODE [PATTERN COUNT]...: exit code ("any" is any but 0), and how many lines of output
# match each pattern; the first COUNT may end in + for "at least".
ends() {
  local how=$1 code=$2 out=$folder/out result problem='' found
  shift 2
  timeout 50 "$bin/test/nothing_left" 45 "${run[@]}" "$ending" "$how" >"$out" 2>&1
  result=$?
  if [[ $result == 9[67] || $result == 124 || ($code == any && $result == 0) ||
    ($code != any && $result != "$code") ]]; then
    problem="exit code $result, expected $code"
  fi
  if (( $(stat -c %s "$out") > 100000 )); then problem="$(stat -c %s "$out") bytes of output"; fi
  while (( $# > 1 )); do
    found=$(grep -cE -- "$1" "$out")
    if [[ $2 == *+ ]]; then
      (( found >= ${2%+} )) || problem="$found lines match '$1', expected at least ${2%+}"
    else
      (( found == $2 )) || problem="$found lines match '$1', expected $2"
    fi
    shift 2
  done
  if [[ $problem ]]; then
    echo "FAILED: $how with ${run[*]}: $problem"
    head -c 4000 "$out" | sed 's/^/  | /'
    failures=$((failures + 1))
  else
    echo "ok: $how with ${run[*]}"
  fi
}

# The rank that ends says it once; whoever waits for it gets an error, 6 is peer_died.
middle='ended its communicator inside a handler or another call'
in_the_middle() {
  for how in "$@"; do
    ends "$how" any "^buddy: rank 1: $middle" 1 '^buddy: rank 1' 1 "code 6: rank 1 $middle" 1
  done
}
early='^buddy: rank [01]: MPI_Finalize was called before the end of a communicator'
mpi='(MPI_ERR|_Finalize\(\) function|abort|signal)'
finalize() {
  ends finalize_first 0 "$early" 2 '^buddy:' 2 'the sum is 2' 2 "$mpi" 0
  ends use_after_finalize 0 "$early" 2 ': code 1: a communicator is used after MPI_Finalize' 28 \
    'no error' 0 'the rest works' 2 "$mpi" 0
}
lost='^buddy: rank [01]: an exception of a handler was lost: '

run=("$bin/buddy" run -n 2 --placement engine --)
in_the_middle exit_in_handler reset_in_handler exit_in_handler_of_another exit_in_callback
finalize
ends finalize_in_handler any "$early" 1 '^buddy: rank' 1 'code 6: rank 1 called MPI_Finalize inside' 1

run=("$bin/buddy" run -n 2 --)
in_the_middle exit_in_handler exit_in_serialised_handler exit_in_callback exit_in_condition \
  exit_in_handler_of_another exit_in_reduction reset_in_handler reset_in_callback reset_in_condition
ends reset_another_in_handler 0 "^buddy: rank 1: $middle" 1 '^buddy: rank' 1 \
  "barrier of the other one: code 6: rank 1 $middle" 1
ends make_in_handler 0 'made in a handler: code 1: a handler makes a communicator' 2
ends exceptions_in_destructor 0 "$lost[0-9]+ \\(" 2 '^buddy: rank [01]: and 4999 more exceptions' 2 \
  '^buddy: ' 4
finalize
ends leave_it 0 '.' 0
ends finalize_and_leave_it 0 "$early" 2 '^buddy:' 2 "$mpi" 0
ends finalize_with_two 0 "$early" 2 '^buddy:' 2 'the sum is 4' 2 "$mpi" 0
ends finalize_on_one_rank_early 0 "$early" 1 '^buddy:' 1 'the sum is 2' 2 "$mpi" 0
ends finalize_in_handler any "$early" 1 '^buddy: rank' 1 'code 6: rank 1 called MPI_Finalize inside' 1

# ---- no MPI, or not for this
run=("${launch[@]}" -n 2)
ends before_init 0 'before MPI_Init: code 1: a communicator before MPI_Init' 2
ends after_finalize 0 'of (the world|main): code 1: a communicator after MPI_Finalize' 4
ends wrong_parents 0 'null: code 1: a communicator from MPI_COMM_NULL' 2 \
  'intercommunicator: code 1: .*MPI_Intercomm_merge' 2
ends funneled_thread 0 'thread: code 1: ' 2

(( failures == 0 )) && echo "all as expected"
exit $((failures != 0))
