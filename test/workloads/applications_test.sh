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

# Shortest paths. All methods agree, and with a path whose lengths are known; whole numbers and
# halves add up exactly. A vertex that no path leads to is not reached.
awk '{ print $0, ($1 + 1) / 2 }' "$scratch/path.txt" >"$scratch/lengths.txt"
printf '%s\n' '0 1 4' '0 2 1' '2 1 2' '2 1 9' '1 3 0' '3 1 0' '5 0 1' '2 2 0' >"$scratch/edges.txt"
for ranks in 1 3 5; do
  for method in rounds cascade alltoallv; do
    run $ranks buddy-sssp --method $method --input "$scratch/lengths.txt" --rounds 3
    expect '"reached_vertices":101[,}]'
    expect '"farthest":2525[.,}]'
    run $ranks buddy-sssp --method $method --input "$scratch/edges.txt" --rounds 1
    expect '"reached_vertices":4[,}]'
    expect '"farthest":3[.,}]'
    expect '"edges":6[,}]'
    run $ranks buddy-sssp --method $method --input "$scratch/edges.txt" --rounds 1 --source 5
    expect '"reached_vertices":5[,}]'
    expect '"farthest":4[.,}]'
  done
done
run 3 buddy-sssp --graph flat --scale 8 --edgefactor 10 --source 77 --rounds 2
expect '"input":"flat"'
first=$(answer)
messages=$(grep -oE '"messages":[0-9]+' "$BUDDY_RESULT_FILE")
for options in '--method cascade' '--method alltoallv' '--work 2 --work-memory 64' \
  '--method cascade --work 1' '--method alltoallv --work 2 --work-memory 2^12'; do
  # shellcheck disable=SC2086  # options, split on purpose
  run 2 buddy-sssp --graph flat --scale 8 --edgefactor 10 --source 77 --rounds 2 $options
  [[ $(answer) == "$first" ]] || fail "another answer with $options"
  [[ $options == *cascade* ]] || expect "$messages[,}]"
done
run 2 buddy-sssp --graph flat --scale 17 --edgefactor 9 --rounds 1 # too large for a serial search
expect '"checked_by_dijkstra":false'
# Weights that the file has are not looked at where random ones are asked for.
sed 's/ [^ ]*$/ -1/' "$scratch/edges.txt" >"$scratch/below.txt"
run 2 buddy-sssp --input "$scratch/below.txt" --weights random
expect '"weights":"random"'

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
  # Distances were computed by a serial program in another language, which knows the weights too.
  for known in karate.mtx:0:34:3505027591093536787 jagmesh7.mtx:0:1138:14150489823669119412 \
    jagmesh7.mtx:1000:1138:11803298348389982776 west0067.mtx:0:67:7794154446543644 \
    web-NotreDame.txt.gz:0:325729:13345996732080027729 \
    web-NotreDame.txt.gz:100000:1:15790521517552655276; do
    IFS=: read -r file from reached sum <<<"$known"
    for method in rounds cascade; do
      run 2 buddy-sssp --input "$data/$file" --weights random --source "$from" --rounds 1 \
        --method $method
      expect "\"reached_vertices\":$reached[,}]"
      expect "\"answer_checksum\":$sum[,}]"
    done
  done
  # The same for weights of a file: the amounts of its entries.
  for known in west0067.mtx:2.6909561099999997:15015748634078435891 \
    bcsstk13.mtx.gz:628845594.1860743:2625162263532558887; do
    IFS=: read -r file farthest sum <<<"$known"
    zcat -f "$data/$file" |
      awk '/^%/ { print; next } !size { size = 1; print; next } { sub(/^-/, "", $3); print }' \
        >"$scratch/amounts.mtx"
    for ranks in 1 3; do
      run $ranks buddy-sssp --input "$scratch/amounts.mtx"
      expect "\"farthest\":$farthest[,}]"
      expect "\"answer_checksum\":$sum[,}]"
    done
  done
  for program in buddy-permute buddy-toposort; do
    run 2 $program --input "$data/bcsstk13.mtx.gz"
    run 2 $program --input "$data/web-NotreDame.txt.gz"
  done
else
  echo "no real matrices here (BUDDY_DATA_DIR is not set) generated ones were used alone"
fi
