# `buddy bench scale` of 64 engines: a table, a report and a page; and what it refuses.
# timeout: 120
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

"$bin/buddy" bench scale --agents 64 --messages 2k --traffic histogram --json scale.json --html scale.html \
  >out 2>err </dev/null || fail "exit code $?"
says out '^ +64 histogram +2000 direct +63 .* yes$'
says out '^ +64 histogram +2000 grid +14 .* yes$'
says out '^ +65536 grid +510 '
says out '^With grid an engine sends [0-9.]+ to [0-9.]+ times fewer packets than with direct; auto is at most'
says scale.json '"schema": "buddy.scale.v1"'
says scale.json '"partial": false'
[[ $(grep -c '"verified": true' scale.json) = 2 ]] || fail "not all is verified"
says scale.html 'id="document"'
[[ ! -s err ]] || fail "something on stderr"

refuses() {  # refuses EXIT_CODE MESSAGE OPTION...
  local code=$1 message=$2
  shift 2
  timeout 20 "$bin/buddy" bench scale "$@" >out 2>err </dev/null
  local got=$?
  (( got == code )) || fail "$*: exit code $got instead of $code"
  says err "$message"
}
refuses 1 "direct' needs about [0-9]+ GiB of memory \([0-9]+ GiB are available\)" --agents 65536 --routing direct
refuses 2 "there is no routing 'gird' .* did you mean 'grid'" --routing gird
refuses 2 "'1' is no number of agents \(2 to 65536" --agents 64,1
refuses 2 "nodes 65 is more than 64 agents" --agents 64 --nodes 65
refuses 2 "'gbytes=0' is no cost" --costs gbytes=0
refuses 2 "'x' is too much" --agents 64 -- x

(( failures == 0 )) && echo "all as expected"
exit $((failures != 0))
