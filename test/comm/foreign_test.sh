# Handlers that are functions of libraries which not all ranks have loaded: the job fails, once, on
# every rank, with that reason. Where all have loaded them it works, in whatever order.
# timeout: 300
set -uo pipefail
bin=$BUDDY_BIN_DIR
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

# runs HOW CODE PATTERN COUNT LINES: exit code, lines that match, and lines of the program at all.
runs() {
  local how=$1 code=$2 pattern=$3 count=$4 most=$5 out=$folder/out result
  "$bin/test/nothing_left" 45 "${run[@]}" "$bin/test/foreign" "$how" >"$out" 2>&1
  result=$?
  if [[ $result != "$code" ]] || (( $(grep -cE -- "$pattern" "$out") != count )) ||
    (( $(grep -cE '^(code|rank|buddy: rank) ' "$out") > most )); then
    echo "FAILED: $how with ${run[*]}: exit code $result, expected $code and $count times '$pattern'"
    head -c 4000 "$out" | sed 's/^/  | /'
    failures=$((failures + 1))
  else
    echo "ok: $how with ${run[*]}"
  fi
}

mismatch='rank 1: a message names a function that is not there'
for options in "-n 2" "-n 2 --placement engine" "-n 3 --nodes 2 --fabric ucx"; do
  read -ra words <<<"$options"
  run=("$bin/buddy" run "${words[@]}" --)
  ranks=${words[1]}
  runs one 7 "code 4: $mismatch" "$ranks" "$ranks"
done
run=("$bin/buddy" run -n 2 --)
runs other 7 "code 4: $mismatch" 2 2
runs order 0 '^rank [01]: 2 messages after them|^rank [01]: 1 messages after them' 2 2
runs silent 1 "^buddy: rank [01]: its communicator could not be destroyed in order: $mismatch" 2 2
runs caught 7 "code 4: $mismatch" 2 2
run=("$bin/buddy" run -n 2 --placement engine --)
runs caught 7 "code 4: $mismatch" 2 2

(( failures == 0 )) && echo "all as expected"
exit $((failures != 0))
