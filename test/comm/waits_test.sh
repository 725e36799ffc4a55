# Ranks that wait for others which do not come: it is said who is where, `buddy stat` shows it, and
# BUDDY_HANG_SECONDS makes it the job's error.
# timeout: 600
set -uo pipefail
bin=$BUDDY_BIN_DIR
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

fail() {
  echo "FAILED: $1"
  sed 's/^/  | /' "$folder/out"
  failures=$((failures + 1))
}

run() {  # run HOW OPTION...
  "$bin/test/nothing_left" 90 "$bin/buddy" run -n 3 "${@:2}" -- "$bin/test/waiter" "$1" \
    >"$folder/out" 2>&1
}

# A rank that hangs while it leaves cannot throw, and says that it could not do so in order.
hangs() {  # hangs HOW PATTERN OPTION...: the job fails on all ranks, for that reason
  local how=$1 pattern=$2
  shift 2
  BUDDY_HANG_SECONDS=2 run "$how" "$@"
  local result=$?
  if (( result == 0 || result == 96 || result == 97 )); then
    fail "$how with $*: exit code $result"
  elif ! grep -qE -- "(code 8|in order): rank [0-9] has waited for [2-9] s .*$pattern" "$folder/out"; then
    fail "$how with $*: no '$pattern'"
  else
    echo "ok: $how with $*"
  fi
}

told() {  # told HOW PATTERN OPTION...: it is said, and the job goes on
  local how=$1 pattern=$2
  shift 2
  BUDDY_WAIT_NOTICE_SECONDS=1 run "$how" "$@"
  local result=$?
  if (( result != 0 )); then
    fail "$how with $*: exit code $result"
  elif (( $(grep -cE -- "buddy: rank [0-9] has waited for [1-9] s .*$pattern" "$folder/out") != 1 )); then
    fail "$how with $*: not once '$pattern'"
  else
    echo "ok: $how is told with $*"
  fi
}

not_told() {  # not_told HOW OPTION...
  local how=$1
  shift
  BUDDY_WAIT_NOTICE_SECONDS=1 BUDDY_HANG_SECONDS=2 run "$how" "$@"
  local result=$?
  if (( result != 0 )) || grep -q "has waited" "$folder/out"; then
    fail "$how with $*: exit code $result"
  else
    echo "ok: $how is no reason to worry, with $*"
  fi
}

for options in "--placement host" "--placement engine --nodes 2" \
  "--placement host --nodes 2 --fabric ucx" "--placement engine --nodes 2 --fabric ucx"; do
  read -ra words <<<"$options"
  # Leaving is a barrier, too: that of rank 1 meets the second one of the others.
  hangs one_barrier_more 'ranks 0, 2 wait in barrier 3 \(to leave\), rank 1 has left' \
    "${words[@]}"
  hangs collective_and_barrier \
    'ranks 0, 2 wait in barrier 2, rank 1 waits in a collective' "${words[@]}"
  hangs wait_until 'ranks 0, 2 wait in barrier 2, rank 1 waits in wait_until' "${words[@]}"
  told polls 'ranks 0, 2 wait in barrier 2, rank 1 has not come \(it is past barrier 1\)' "${words[@]}"
  not_told messages_in_the_barrier "${words[@]}"
done
told computes 'ranks 0, 2 wait in barrier 2, rank 1 has not come' --placement host
told computes 'ranks 0, 2 wait in barrier 2, rank 1 has not come \(it is past barrier 1\)' \
  --placement engine

# ---- buddy stat
for placement in host engine; do
  "$bin/buddy" run -n 3 --placement $placement -- "$bin/test/waiter" computes >"$folder/out" 2>&1 &
  job=$!
  seen=no
  for (( tries = 0; tries < 100; ++tries )); do
    "$bin/buddy" stat >"$folder/stat" 2>&1
    if grep -qE 'rank 0 +waits in barrier 2, for [0-9.]+ s' "$folder/stat" &&
      grep -qE 'rank 1 +waits for nothing, past barrier 1' "$folder/stat"; then
      seen=yes
      break
    fi
    sleep 0.1
  done
  wait "$job"
  if [[ $seen == no ]]; then
    cat "$folder/stat" >>"$folder/out"
    fail "buddy stat, $placement placement"
  else
    echo "ok: buddy stat, $placement placement"
  fi
done

# ---- what the variables allow
for variable in BUDDY_HANG_SECONDS=-1 BUDDY_HANG_SECONDS=soon BUDDY_WAIT_NOTICE_SECONDS=1.5 \
  BUDDY_WAIT_NOTICE_SECONDS=99999999999; do
  env "$variable" "$bin/test/waiter" "" >"$folder/out" 2>&1
  if (( $? != 3 )) || ! grep -q "code 1: .*${variable%%=*}" "$folder/out"; then
    fail "$variable"
  else
    echo "ok: $variable"
  fi
done

(( failures == 0 )) && echo "all as expected"
exit $((failures != 0))
