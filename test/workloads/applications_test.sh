#!/usr/bin/env bash
# The applications: options, odd sizes, and real inputs with known answers.
# timeout: 900
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export BUDDY_RESULT_FILE=$scratch/result.json

fail() {
  echo "FAILED: $*"
  exit 1
}

run() {  # run RANKS PROGRAM ARGS: expects success, one line, and a verified result file
  local ranks=$1 program=$2
  shift 2
  rm -f "$BUDDY_RESULT_FILE"
  "$BUDDY_MPIEXEC" -n "$ranks" "$BUDDY_BIN_DIR/$program" "$@" >"$scratch/out" 2>"$scratch/err" ||
    { cat "$scratch/out" "$scratch/err"; fail "$ranks ranks of $program $*"; }
  cat "$scratch/out"
  [[ $(wc -l <"$scratch/out") == 1 ]] || fail "more than one line from $program $*"
  expect '"verified":true'
}

expect() {  # expect PATTERN: in the result file
  grep -qE -e "$1" "$BUDDY_RESULT_FILE" || { cat "$BUDDY_RESULT_FILE"; fail "no $1 in the result"; }
}

answer() { grep -oE '"answer_checksum":[0-9]+' "$BUDDY_RESULT_FILE"; }

# Index gather: both methods agree; a request and a reply each.
run 3 buddy-indexgather --requests 20k --table 777
expect '"messages":40000[,}]'
expect '"payload_bytes":480000[,}]'
first=$(answer)
for options in '--method alltoallv' '--no-prefetch' '--work 2 --work-memory 64' \
  '--method alltoallv --work 2 --work-memory 2^12'; do
  # shellcheck disable=SC2086  # options, split on purpose
  run 3 buddy-indexgather --requests 20k --table 777 $options
  [[ $(answer) == "$first" ]] || fail "another answer with $options"
done
for method in buddy alltoallv; do
  run 4 buddy-indexgather --requests 0 --table 1 --method $method
  run 4 buddy-indexgather --requests 3 --table 1 --method $method
  run 2 buddy-indexgather --requests 100k --table 2^10 --method $method
done

# Extra work in the older workloads; the answer stays the same.
for program in 'buddy-histogram --updates 5000 --table 2^8' 'buddy-transpose --scale 9'; do
  for method in buddy alltoallv; do
    # shellcheck disable=SC2086  # a program and its options, split on purpose
    { run 2 $program --method $method; first=$(answer);
      run 2 $program --method $method --work 4 --work-memory 2^14; }
    expect '"work_units_per_message":4[,}]'
    [[ $(answer) == "$first" ]] || fail "another answer of $program with work"
  done
done
run 2 buddy-histogram --updates 5000 --table 2^8 --payload 100 --work 1 --work-memory 2^14

# Graphs with loops, repeated edges, edges in both directions, several components, and a path.
printf '%s\n' '# a triangle and more' '0 1' '1 0' '1 2' '2 0' '2 2' '4 5' '7 7' >"$scratch/few.txt"
seq 0 99 | awk '{ print $1, $1 + 1 }' >"$scratch/path.txt"
for ranks in 1 3 5; do
  run $ranks buddy-bfs --input "$scratch/few.txt" --roots 8
  run $ranks buddy-bfs --input "$scratch/path.txt" --roots 2
  expect '"reached_vertices":202[,}]'
  run $ranks buddy-triangles --input "$scratch/few.txt"
  expect '"triangles":1[,}]'
  expect '"edges":4[,}]'
  run $ranks buddy-toposort --input "$scratch/few.txt"
  expect '"nonzeros":13[,}]'
  run $ranks buddy-toposort --input "$scratch/path.txt"
  expect '"levels":101[,}]'
  run $ranks buddy-permute --input "$scratch/few.txt"
done

# A rectangular matrix, smaller than the number of ranks in one direction, and an empty one.
cat >"$scratch/wide.mtx" <<'END'
%%MatrixMarket matrix coordinate integer general
2 1000 4
1 1000 5
2 1 -6
1 500 7
1 500 7
END
run 5 buddy-permute --rounds 1 --input "$scratch/wide.mtx"
expect '"messages":8[,}]'
printf '%%%%MatrixMarket matrix coordinate real general\n0 0 0\n' >"$scratch/empty.mtx"
for program in buddy-permute buddy-toposort buddy-triangles; do
  run 2 $program --input "$scratch/empty.mtx"
done

data=${BUDDY_DATA_DIR:-$BUDDY_SOURCE_DIR/../shared/data}
if [[ -d $data ]]; then
  for known in karate.mtx:45 jagmesh7.mtx:2016 west0067.mtx:120 bcsstk13.mtx.gz:342300 \
    web-NotreDame.txt.gz:8910005; do
    run 2 buddy-triangles --input "$data/${known%:*}"
    expect "\"triangles\":${known#*:}[,}]"
  done
  # Zachary's club is connected; the web graph's largest component has 325,729 pages: all.
  run 2 buddy-bfs --input "$data/karate.mtx" --roots 1
  expect '"reached_vertices":34[,}]'
  run 2 buddy-bfs --input "$data/web-NotreDame.txt.gz" --roots 1
  expect '"reached_vertices":325729[,}]'
  for program in buddy-permute buddy-toposort; do
    run 2 $program --input "$data/bcsstk13.mtx.gz"
    run 2 $program --input "$data/web-NotreDame.txt.gz"
  done
else
  echo "no real matrices here (BUDDY_DATA_DIR is not set) generated ones were used alone"
fi
