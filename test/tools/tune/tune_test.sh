# `buddy bench tune` of a small histogram: answers that were verified, a table, a report and a page.
# timeout: 300
set -uo pipefail
bin=$BUDDY_BIN_DIR
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
failures=0

fail() {
  echo "FAILED: $*"
  sed 's/^/  | /' out err 2>/dev/null | cut -c 1-300
  failures=$((failures + 1))
}
says() { grep -qE -- "$2" "$1" || fail "'$1' does not say '$2'"; }

"$bin/buddy" bench tune histogram -n 2 --nodes 2 --ring 16 --hold 0 --updates 20000 --table 4096 \
  --time-limit 120 --json tune.json --html tune.html >out 2>err </dev/null || fail "exit code $?"
says out '^histogram in placement engine: 2 rank\(s\), 2 node\(s\), fabric shm$'
says out '^  --ring is not turned: it was given$'
says out '^  --workers is not turned: each engine serves one rank'
says out '^ +32K +16 +1 +0  .* the defaults$'
says out '^ +64K +16 +1 +0 '
says out '^ +16K +16 +1 +0 '
says out '^  options to type: '
says tune.json '"schema": "buddy.tune.v1"'
says tune.json '"partial": false'
says tune.json '"routing": "direct"'
says tune.html 'id="document"'
[[ ! -s err ]] || fail "something on stderr"
[[ -z $(find . -name '.buddy*') ]] || fail "something is left behind"

# What it recommends is taken by other commands.
read -ra options <<<"$(sed -n 's/^  "options": "\(.*\)",$/\1/p' tune.json)"
"$bin/buddy" bench histogram -n 2 --nodes 2 --placement engine --repeat 1 --updates 20000 --table 4096 \
  "${options[@]}" >out 2>err </dev/null || fail "the options are not taken: ${options[*]}"

# Ranks that forward.
"$bin/buddy" bench tune histogram -n 4 --placement host --routing grid --ring 16 --hold 0 \
  --updates 20000 --table 4096 --time-limit 20 --json grid.json >out 2>err </dev/null ||
  fail "exit code $? of a grid"
says out '^histogram in placement host: 4 rank\(s\), 1 node\(s\), fabric shm, routing grid$'
says grid.json '"routing": "grid"'

(( failures == 0 )) && echo "all as expected"
exit $((failures != 0))
