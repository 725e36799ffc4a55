# Communicators that are left at the same time, in different orders: nobody waits for a goodbye until
# the limit of 2 s, which is said on stderr when it passes.
set -uo pipefail
export BUDDY_KEPT_SESSIONS=0  # engines leave with their communicators
bin=$BUDDY_BIN_DIR
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

leave() {  # leave RANKS ROUNDS OPTION...
  local ranks=$1 rounds=$2
  shift 2
  # Two communicators of two ranks and one of all, one message from everybody to everybody.
  local wanted="$((rounds * ranks * (2 * 2 + ranks))) messages"
  "$bin/test/nothing_left" 260 "$bin/buddy" run -n "$ranks" "$@" -- "$bin/test/leaver" "$rounds" \
    >"$folder/out" 2>&1
  local result=$?
  if (( result != 0 )) || grep -q "goodbye" "$folder/out" || ! grep -q "$wanted" "$folder/out"; then
    echo "FAILED: $* (exit code $result, wanted '$wanted')"
    sed 's/^/  | /' "$folder/out"
    failures=$((failures + 1))
  else
    echo "ok: $*"
  fi
}

leave 4 60 --placement engine --nodes 2
leave 4 60 --placement engine --nodes 4
leave 4 30 --placement engine --nodes 2 --fabric ucx
leave 4 60 --placement host
leave 4 30 --placement host --nodes 2 --fabric ucx

(( failures == 0 )) && echo "all as expected"
exit $((failures != 0))
