#!/usr/bin/env bash
# Bad input and bad options: one clear message, a non-zero exit code, and it is over.
# timeout: 300
set -euo pipefail
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
header='%%MatrixMarket matrix coordinate real general'

fail() {
  cat "$scratch/err"
  echo "FAILED: $*"
  exit 1
}

refuse() {  # refuse PATTERN PROGRAM ARGS: on 3 ranks; one message, matching PATTERN, and exit != 0
  local pattern=$1 program=$2 code=0
  shift 2
  timeout 60 "$BUDDY_MPIEXEC" -n 3 "$BUDDY_BIN_DIR/$program" "$@" >"$scratch/out" 2>"$scratch/err" ||
    code=$?
  (( code != 0 )) || fail "exit code 0 from $program $*"
  (( code != 124 )) || fail "$program $* did not end"
  [[ ! -s $scratch/out ]] || grep -qv "^$program:" "$scratch/out" || fail "output of $program $*"
  (( $(grep -c "^$program: " "$scratch/err") == 1 )) || fail "not one message from $program $*"
  grep -qE -e "^$program: .*$pattern" "$scratch/err" || fail "no '$pattern' from $program $*"
  grep "^$program: " "$scratch/err"
}

refuse_file() {  # refuse_file PATTERN NAME: standard input becomes the file
  cat >"$scratch/$2"
  refuse "$2(:[0-9]+)?: .*$1" buddy-transpose --input "$scratch/$2"
}

refuse 'cannot open the file \(No such file' buddy-transpose --input "$scratch/missing.mtx"
refuse 'is a directory' buddy-transpose --input "$scratch"
refuse_file 'the file is empty' empty.mtx </dev/null
printf '%s\n' "$header" '9 9 1' '1 1 1' | gzip >"$scratch/whole.gz"
head -c 40 "$scratch/whole.gz" | refuse_file 'truncated' cut.mtx.gz
seq 100000 | sed 's/$/ 1/' | gzip >"$scratch/whole.gz"
head -c 99999 "$scratch/whole.gz" | refuse_file 'truncated' cut.txt.gz
printf '%s\n' 'not a header' '9 9 1' | refuse_file 'not a Matrix Market header' header.mtx
printf '%s\n' '%%MatrixMarket matrix array real general' | refuse_file "'matrix array'" array.mtx
printf '%s\n' "$header" '9 9 1' '10 1 1' | refuse_file 'row 10 is outside' outside.mtx
printf '%s\n' "$header" '9 9 2' '1 1 1' | refuse_file 'ends after 1 entries' few.mtx
printf '%s\n' "$header" '9 9 1' '1 1 1' '2 2 2' | refuse_file 'more entries' more.mtx
printf '%s\n' "$header" '9 9 1' '1 one 1' | refuse_file "'one' is not" letters.mtx
printf '%s\n' '0 1' '1 -2' | refuse_file "'-2' is negative" negative.txt
printf '%s\n' '0 1' '1 4294967295' | refuse_file 'too large' huge.txt
printf '%s\n' '# nothing' | refuse_file 'no edges' comments.txt
(cd "$scratch" && tar cf - comments.txt) | refuse_file 'is a tar archive .*tar xf' archive.tar
printf '%s\n' '0 1 5' '1 2' | refuse_file 'this edge has no weight' half-weighted.txt

# An error deep in a file, when the other ranks are already receiving entries.
{ printf '%s\n' "$header" '900000 900000 900000'; seq 800000 | sed 's/.*/& & 1/'; echo '5 x 1'; } |
  refuse_file "the column 'x'" deep.mtx

refuse "--updates: '12x' is not a count" buddy-histogram --updates 12x
refuse 'out of range' buddy-histogram --payload 7
refuse 'out of range' buddy-histogram --table 0
refuse "'carrier-pigeon' is unknown" buddy-histogram --method carrier-pigeon
refuse 'out of range' buddy-transpose --scale 33
refuse 'excludes' buddy-transpose --scale 5 --input "$scratch/few.mtx"
refuse 'must be 1 to 30' buddy-bfs --scale 31
printf '%s\n' "$header" '3000000000 3000000000 1' '1 x' >"$scratch/high.mtx"
for program in buddy-bfs buddy-toposort buddy-sssp; do
  refuse 'high.mtx: the matrix has 3000000000 rows' $program --input "$scratch/high.mtx"
done
refuse 'nonsense' buddy-transpose --nonsense
refuse "'8x8' is not a mesh" buddy-transport --mesh 8x8
refuse "'300' is not a mesh" buddy-transport --mesh 300
refuse 'cubes are too many' buddy-transport --mesh 200 --cube 1
refuse 'out of range' buddy-transport --work 0
refuse 'out of range' buddy-transport --albedo 101
refuse "'sphere' is unknown" buddy-transport --problem sphere
printf '%s\n' "$header" '2 3 1' '1 1 1' >"$scratch/wide.mtx"
for program in buddy-bfs buddy-triangles buddy-toposort buddy-sssp; do
  refuse 'wide.mtx: the matrix has 2 rows and 3 columns' $program --input "$scratch/wide.mtx"
done
echo '3 3' >"$scratch/loop.txt"
refuse 'the graph has no edges between different vertices' buddy-bfs --input "$scratch/loop.txt"
for program in buddy-histogram buddy-transpose buddy-indexgather buddy-bfs buddy-permute \
  buddy-toposort buddy-triangles buddy-sssp; do
  refuse "--work: 'x' is not a count" $program --work x
  refuse 'out of range' $program --work-memory 63
done
refuse 'out of range' buddy-indexgather --table 0
refuse 'out of range' buddy-bfs --roots 0
refuse 'excludes' buddy-triangles --seed 5 --input "$scratch/few.mtx"

refuse_weights() {  # refuse_weights PATTERN NAME: standard input becomes the file
  cat >"$scratch/$2"
  refuse "$2:[0-9]+: $1" buddy-sssp --input "$scratch/$2"
  [[ ! -e $scratch/out.json ]] || fail "there is a result of $2"
}
export BUDDY_RESULT_FILE=$scratch/out.json
printf '%s\n' '0 1 2' '1 2 -3' | refuse_weights "the weight '-3' is negative" negative.txt
printf '%s\n' '0 1 2' '1 2 nan' | refuse_weights "the weight 'nan' is not a number" nan.txt
printf '%s\n' '0 1 2' '1 2 far' | refuse_weights "the weight 'far' is not a number" letters.txt
printf '%s\n' '0 1 2' '1 2 inf' | refuse_weights "the weight 'inf' is too large" infinite.txt
printf '%s\n' '0 1 2' '1 2' | refuse_weights 'this edge has no weight .*--weights random' few.txt
printf '%s\n' '0 1' '1 2' | refuse_weights 'this edge has no weight .*--weights random' none.txt
printf '%s\n' "$header" '9 9 2' '1 2 1' '2 3 -1' | refuse_weights "the weight '-1' is" below.mtx
printf '%s\n' "${header/real/pattern}" '9 9 1' '1 2' |
  refuse_weights 'a pattern matrix has no weights .*--weights random' pattern.mtx
printf '%s\n' "${header/real/complex}" '9 9 1' '1 2 1 1' | refuse_weights 'a complex matrix' i.mtx
unset BUDDY_RESULT_FILE
printf '%s\n' '0 1 2' '1 2 3' >"$scratch/weights.txt"
refuse '--source 3 is no vertex \(the graph has 3' buddy-sssp --input "$scratch/weights.txt" --source 3
refuse "'two' is no vertex" buddy-sssp --source two
refuse '--weights file needs --input' buddy-sssp --weights file
refuse "'fil' is unknown .*'file'" buddy-sssp --weights fil
refuse '--seed changes nothing' buddy-sssp --input "$scratch/weights.txt" --seed 2
refuse "'ring' is unknown" buddy-sssp --graph ring
refuse 'excludes' buddy-sssp --graph flat --input "$scratch/weights.txt"
refuse 'there are no paths' buddy-sssp --input "$scratch/loop.txt" --weights random
BUDDY_RESULT_FILE=$scratch/no/such/folder \
  refuse 'cannot write the result' buddy-histogram --updates 10 --table 10

# What is found in the middle of a file comes without the launcher's own report about it.
printf '%s\n' "$header" '9 9 1' '1 1 1e400' >"$scratch/large.mtx"
"$BUDDY_BIN_DIR/buddy" run -n 2 -- "$BUDDY_BIN_DIR/buddy-transpose" --input "$scratch/large.mtx" \
  2>"$scratch/err" && fail "exit code 0 for a number that is too large"
grep -q '^buddy-transpose: .*1.8e308' "$scratch/err" || fail "the rank says nothing"
grep -q '^buddy run: the program failed (rank [0-9]' "$scratch/err" || fail "the command says nothing"
if ! grep -qi mpich <("$BUDDY_BIN_DIR/buddy" --version); then
  (( $(grep -c '' "$scratch/err") == 2 )) || fail "there is more than that"
fi

for program in buddy-histogram buddy-transpose buddy-indexgather buddy-bfs buddy-permute \
  buddy-toposort buddy-triangles buddy-transport buddy-sssp; do
  "$BUDDY_BIN_DIR/$program" --help >"$scratch/out"
  grep -q '^Example' "$scratch/out" || fail "no example in the help of $program"
done
