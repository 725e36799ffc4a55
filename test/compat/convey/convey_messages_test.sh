# What programs for conveyors print: each error once for each conveyor, nothing if it is quiet, and what
# has no effect once if it is to alert.
set -uo pipefail
bin=$BUDDY_BIN_DIR
read -ra launch <<<"$BUDDY_MPIEXEC ${BUDDY_MPIEXEC_FLAGS:-}"
failures=0

expect() {  # expect OPTIONS WANTED
  local said
  said=$("${launch[@]}" -n 1 "$bin/test/convey_messages" "$1" 2>&1) || { said+=$'\nexit code not 0'; }
  if [[ $said != "$2" ]]; then
    echo "FAILED with options $1:"
    diff <(echo "$2") <(echo "$said")
    failures=$((failures + 1))
  fi
}

errors='buddy: PE 0, convey_push: not allowed in this state of the conveyor
buddy: PE 0, convey_push: there is no such PE
buddy: PE 0, convey_push: not allowed in this state of the conveyor
buddy: PE 0, convey_push: there is no such PE
buddy: convey_new_tensor: the capacity is 0'
hints='buddy: convey_new_tensor: without effect: limits on buffers, local groups, hops, numbers of buffers (Buddy routes and buffers by itself)'
expect 0 "$errors"
expect 0x04 ""
expect 0x20 "$hints
$errors"
expect 0x24 "$hints"

(( failures == 0 )) && echo "all as expected"
exit $((failures != 0))
