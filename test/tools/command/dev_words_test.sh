# ./dev names a wrong word in one line, with the nearest right one, before it installs or builds.
# timeout: 60
set -uo pipefail
failures=0

refused() {  # refused TEXT WORD...
  local text=$1 said
  shift
  if said=$("$BUDDY_SOURCE_DIR/dev" "$@" 2>&1 >/dev/null </dev/null); then
    echo "FAILED: ./dev $* is taken"
    failures=$((failures + 1))
  elif [[ $said != "./dev: "*"$text"* || $said == *$'\n'* ]]; then
    echo "FAILED: ./dev $* says: $said"
    failures=$((failures + 1))
  fi
}

refused "no command 'tset' (see ./dev help) did you mean 'test'?" tset
refused "choose one of demo, test, soak, cross, package, build, tidy, format, dist, help" frobnicate
refused "'many' means nothing (whole numbers from 1 are expected) say ./dev soak COUNT SEED" soak many
refused "'100 0' means nothing" soak 100 0
refused "no stage 'relase' (see ./dev help) did you mean 'release'?" test relase
refused "no preset 'assan' (see ./dev help) did you mean 'asan'?" build assan
refused "'now' is too much (demo takes no word)" demo now
refused "'two' is too much (test takes one word at most)" test asan two
refused "no file '/nowhere.cpp'" tidy /nowhere.cpp

(( failures == 0 )) && echo "all as expected"
exit $((failures != 0))
