# Programs that end in the middle, each in its own way: the job ends with them, the exit code is
# theirs, the message says which rank it was, and nothing is left.
# timeout: 300
set -uo pipefail
bin=$BUDDY_BIN_DIR
# A signal is to end the program, whatever a sanitizer would make of it.
export ASAN_OPTIONS=${ASAN_OPTIONS:-}:handle_segv=0:handle_abort=0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

ends() {  # ends HOW CODE PATTERN RUN_OPTION...
  local how=$1 code=$2 pattern=$3 result
  shift 3
  "$bin/test/nothing_left" 60 "$bin/buddy" run "$@" -- "$bin/test/victim" "$how" \
    >"$folder/out" 2>&1
  result=$?
  if [[ $result == 9[67] || ($code == any && $result == 0) || ($code != any && $result != "$code") ]] ||
    ! grep -qE -- "$pattern" "$folder/out"; then
    echo "FAILED: $how with $*: exit code $result, expected $code and '$pattern'"
    sed 's/^/  | /' "$folder/out"
    failures=$((failures + 1))
  else
    echo "ok: $how with $*"
  fi
}

for options in "-n 2 --placement host" "-n 4 --placement engine" \
  "-n 3 --placement host --nodes 2 --fabric ucx" "-n 4 --placement engine --nodes 2 --fabric ucx"; do
  read -ra words <<<"$options"
  ends segfault 139 'buddy run: the program failed \(rank [12], .*signal 11' "${words[@]}"
  ends exit3 3 'buddy run: the program failed \(rank [12], .*exit code 3' "${words[@]}"
  ends throw 134 'buddy run: the program failed \(rank [12], .*signal 6' "${words[@]}"
  # A rank that just goes is an error on the others.
  ends exit0 any 'buddy run: .*failed' "${words[@]}"
done

(( failures == 0 )) && echo "all as expected"
exit $((failures != 0))
