# What a command prints arrives, or the command fails: with a full stdout, a closed one, a closed
# stderr. Reports are whole, or the old ones stay.
# timeout: 300
set -uo pipefail
bin=$BUDDY_BIN_DIR
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
failures=0

fail() {
  echo "FAILED: $*"
  [[ ! -s err ]] || sed 's/^/  stderr: /' err
  failures=$((failures + 1))
}

# Every line prints something to stdout when all is well.
"$bin/buddy" profile -n 1 --json profile.json -- "$bin/buddy-latency" --rounds 10 >/dev/null || exit 1
commands=(
  "buddy --help"
  "buddy --version"
  "buddy run --help"
  "buddy bench --help"
  "buddy doctor"
  "buddy stat"
  "buddy predict profile.json"
  "buddy predict profile.json --json -"
  "buddy predict profile.json --json /dev/stdout"
  "buddy profile -n 1 -- $bin/buddy-latency --rounds 10"
  "buddy bench latency -n 1 --repeat 1 --placement host --rounds 10"
  "buddy bench latency -n 1 --repeat 1 --placement host --rounds 10 --json -"
)
for workload in bfs histogram indexgather latency permute sssp toposort transport transpose triangles; do
  commands+=("buddy-$workload --help")
done
commands+=("buddy-histogram --updates 10" "buddy-latency --rounds 10")

for line in "${commands[@]}"; do
  read -ra words <<<"$line"
  words[0]=$bin/${words[0]}
  # A sibling of these workloads that this build has not made says nothing about the others.
  "${words[@]}" >out 2>err || fail "$line"
  [[ -s out ]] || fail "$line prints nothing"
  "${words[@]}" >/dev/full 2>err && fail "$line >/dev/full succeeds"
  [[ $(grep -c 'cannot write to stdout (No space left on device)' err) == 1 ]] ||
    fail "$line >/dev/full does not say once what is wrong"
  "${words[@]}" >&- 2>err && fail "$line >&- succeeds"
  [[ $(grep -c 'cannot write to stdout (Bad file descriptor)' err) == 1 ]] ||
    fail "$line >&- does not say once what is wrong"
  echo "ok: $line"
done

# A full stdout takes nothing else along.
"$bin/buddy" bench latency -n 1 --repeat 1 --placement host --rounds 10 --json bench.json \
  >/dev/full 2>err && fail "bench >/dev/full"
grep -q '"verified": true' bench.json || fail "no report with a full stdout"

# A reader that has seen enough ends the command without a word: stderr is what it is for a reader of all.
for line in "buddy doctor" "buddy predict profile.json --json -"; do
  read -ra words <<<"$line"
  "$bin/${words[0]}" "${words[@]:1}" >out 2>all.err
  { "$bin/${words[0]}" "${words[@]:1}" 2>err | true; } >out
  cmp -s all.err err || fail "$line | true"
done

# A full stderr changes no exit code, and kills nothing.
"$bin/buddy" frobnicate 2>/dev/full
[[ $? == 2 ]] || fail "wrong usage with a full stderr"

# A full disk: no file may have more than 1 KiB, and what is in the way is an error of write().
echo old >old.json
for option in --json --html; do
  for file in old.json new.json; do
    (trap '' XFSZ; ulimit -f 1; "$bin/buddy" predict profile.json "$option" "$file" >out 2>err) &&
      fail "$option $file on a full disk succeeds"
    [[ $(wc -l <err) == 1 ]] && grep -q "cannot write .*$file (File too large)" err ||
      fail "$option $file on a full disk does not say so in one line"
  done
done
[[ $(cat old.json) == old ]] || fail "the old report is gone"
[[ -z $(find . -name 'new.json' -o -name '*.tmp') ]] || fail "something is left behind"

# Names of files may have any bytes, and are valid JSON in what is written.
odd=$'a\xff\n\xc3.json'
"$bin/buddy" predict profile.json --json "$odd" >out 2>err || fail "a name that is no UTF-8"
iconv -f utf-8 -t utf-8 "$odd" >out || fail "the report is no UTF-8"
"$bin/buddy" predict "$odd" 2>err && fail "a prediction is no profile"
printf '0 1\n1 2\n2 0\n' >$'b\xfe.txt'
"$bin/buddy" bench bfs -n 1 --repeat 1 --placement host --json odd.json -- --input $'b\xfe.txt' \
  >out 2>err || fail "an input whose name is no UTF-8"
grep -q "\"input\": \"b$(printf '\xef\xbf\xbd').txt\"" odd.json || fail "the report names another input"

(( failures == 0 )) && echo "all as expected"
exit $((failures != 0))
