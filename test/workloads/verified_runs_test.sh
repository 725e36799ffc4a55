#!/usr/bin/env bash
# Both workloads give verified answers for all ranks, methods, payloads and fields, and say so.
# timeout: 600
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export BUDDY_RESULT_FILE=$scratch/result.json

fail() {
  echo "FAILED: $*"
  exit 1
}

launch() {  # launch RANKS PROGRAM ARGS: with engines where $engine is not empty
  local ranks=$1
  shift
  if [[ -z $engine ]]; then
    "$BUDDY_MPIEXEC" -n "$ranks" "$@"
  else
    # shellcheck disable=SC2086  # options, split on purpose
    "$BUDDY_BIN_DIR/buddy" run -n "$ranks" --placement engine $engine -- "$@"
  fi
}
engine=

run() {  # run RANKS PROGRAM ARGS: expects success, one line, and a verified result file
  local ranks=$1 program=$2
  shift 2
  rm -f "$BUDDY_RESULT_FILE"
  launch "$ranks" "$BUDDY_BIN_DIR/$program" "$@" >"$scratch/out" 2>"$scratch/err" ||
    { cat "$scratch/out" "$scratch/err"; fail "$ranks ranks of $program $*"; }
  cat "$scratch/out"
  [[ $(wc -l <"$scratch/out") == 1 ]] || fail "more than one line from $program $*"
  grep -q ', verified$' "$scratch/out" || fail "$program does not say it verified its answer"
  expect '"verified":true'
  expect "\"ranks\":$ranks[,}]"
}

expect() {  # expect PATTERN: in the result file
  grep -qE -e "$1" "$BUDDY_RESULT_FILE" || { cat "$BUDDY_RESULT_FILE"; fail "no $1 in the result"; }
}

for ranks in 1 2 4 8; do
  for method in buddy alltoallv; do
    run $ranks buddy-histogram --method $method --updates 50k --table 1000
    expect "\"messages\":$((ranks * 50000))[,}]"
    expect '"check":"exact"'
    run $ranks buddy-transpose --method $method --scale 10 --rounds 1
    expect '"messages":16384[,}]'
  done
done

for payload in 8 9 16 24 32 64 100 128 256 512 1024 2000; do
  for method in buddy alltoallv; do
    run 2 buddy-histogram --method $method --updates 5000 --table 2^8 --payload $payload
  done
done
run 2 buddy-histogram --updates 5000 --table 3 --no-prefetch
run 3 buddy-histogram --updates 0 --table 1
run 2 buddy-histogram --updates 1 --table 1

for field in pattern real complex; do
  for method in buddy alltoallv; do
    run 3 buddy-transpose --method $method --scale 9 --edgefactor 7 --field $field --seed 11
    expect "\"field\":\"$field\""
  done
done

# A rectangular matrix, smaller than the number of ranks in one direction.
cat >"$scratch/wide.mtx" <<'END'
%%MatrixMarket matrix coordinate integer general
2 1000 4
1 1000 5
2 1 -6
1 500 7
1 500 7
END
for ranks in 1 2 5; do
  run $ranks buddy-transpose --rounds 1 --input "$scratch/wide.mtx"
  expect '"messages":4[,}]'
  run $ranks buddy-transpose --rounds 1 --input "$scratch/wide.mtx" --method alltoallv
done
printf '%%%%MatrixMarket matrix coordinate real general\n0 0 0\n' >"$scratch/empty.mtx"
run 2 buddy-transpose --input "$scratch/empty.mtx"

for engine in '--nodes 1' '--nodes 1 --workers 2' '--nodes 2' '--nodes 2 --fabric ucx'; do
  for payload in 8 100 1024; do
    run 2 buddy-histogram --updates 20k --table 2^8 --payload $payload
    expect '"placement":"engine"'
  done
  run 4 buddy-transpose --scale 10
  expect '"placement":"engine"'
done
engine=

data=${BUDDY_DATA_DIR:-$BUDDY_SOURCE_DIR/../shared/data}
if [[ -d $data ]]; then
  for matrix in karate.mtx:156 jagmesh7.mtx:7450 west0067.mtx:294 bcsstk13.mtx.gz:83883 \
    web-NotreDame.txt.gz:1497134; do
    for method in buddy alltoallv; do
      run 2 buddy-transpose --rounds 1 --input "$data/${matrix%:*}" --method $method
      expect "\"messages\":${matrix#*:}[,}]"
    done
  done
else
  echo "no real matrices here (BUDDY_DATA_DIR is not set) generated ones were used alone"
fi
