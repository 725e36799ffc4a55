# Addresses in what messages carry are found by `buddy run --check` and BUDDY_CHECK=1, also where
# they would do no harm, on one rank; values are not.
set -uo pipefail
bin=$BUDDY_BIN_DIR
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

runs() {  # runs HOW PATTERN LINES COMMAND...: so many lines match
  local how=$1 pattern=$2 lines=$3 out=$folder/out
  shift 3
  { timeout 60 "$@" "$bin/test/captures" "$how"; } >"$out" 2>&1
  if (( $(grep -cE -- "$pattern" "$out") != lines )); then
    echo "FAILED: $how with $*: not $lines lines match '$pattern'"
    head -c 4000 "$out" | sed 's/^/  | /'
    failures=$((failures + 1))
  else
    echo "ok: $how with $*"
  fi
}

address='code 1: a message for the handler .* carries an address of this process \(the word at offset'
check=("$bin/buddy" run --check)
runs reference "$address 0 of its captures points into the stack" 1 "${check[@]}" -n 1 --
runs reference "$address 0 of its captures points into the stack" 2 "${check[@]}" -n 2 --placement engine --
runs reference "$address 0 of its captures points into the stack" 1 env BUDDY_CHECK=1
runs this "$address 0 of its captures points into the heap" 2 "${check[@]}" -n 2 --
runs pointer "$address 0 of its captures points into .*captures" 2 "${check[@]}" -n 2 --
runs text "$address 0 of its captures points into .*captures" 1 "${check[@]}" -n 1 --
runs struct "$address 8 of argument 1 \\(.*Node\\) points into the stack" 1 "${check[@]}" -n 1 --
runs large "$address 20000 of its captures points into .*captures" 1 "${check[@]}" -n 1 --
runs values '^(values are as they were|no error)' 4 "${check[@]}" -n 2 --
runs pointer '^no error' 1 env BUDDY_CHECK=0  # as ever
runs pointer 'BUDDY_CHECK=yes means nothing' 1 env BUDDY_CHECK=yes

(( failures == 0 )) && echo "all as expected"
exit $((failures != 0))
