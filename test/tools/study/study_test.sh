# A study, small and of few steps: done step by step, gone on with after Ctrl-C and after a full
# disk, refused where it is another machine's or another version's, and rendered again.
# timeout: 600
set -uo pipefail
bin=$BUDDY_BIN_DIR
buddy=$bin/buddy
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
failures=0

fail() {
  echo "FAILED: $*"
  sed 's/^/  | /' out err 2>/dev/null | cut -c 1-300
  failures=$((failures + 1))
}

# The one of engines may be one that this test may not use.
read -ra cpus <<<"$(bash "$BUDDY_SOURCE_DIR/packaging/demo_cpus.sh")"
setup=(--quick --host-cpus "${cpus[0]}" --engine-cpus "${cpus[1]:-${cpus[0]}}")
# study EXPECTED_CODE OPTION...
study() {
  local expected=$1 code
  shift
  "$buddy" study "$@" >out 2>err </dev/null
  code=$?
  (( code == expected )) || fail "exit code $code, not $expected: study $*"
}
says() { grep -qE -- "$2" "$1" || fail "'$1' does not say '$2'"; }
no_leftovers() {
  local left
  left=$(find . -name '.buddy*' -print)
  [[ -z $left ]] || fail "left behind: $left"
}

# What is to be done is shown, and nothing is made.
study 0 --out s "${setup[@]}" --list
says out '^dca +missing +about '
says out ' to go$'
[[ ! -e s ]] || fail "a list makes a folder"

# Wrong words.
study 2 "${setup[@]}"
says err 'there is no folder for the study \(--out is missing\)'
study 2 --out s "${setup[@]}" --steps dcaa
says err "there is no step 'dcaa' .*did you mean 'dca'"
study 2 --out s "${setup[@]}" --fabric ucxx
study 2 --render s --quick
says err -- '--quick means nothing for --render'
study 2 --render s
says err 'cannot read s/study.json'
study 1 --out no/s "${setup[@]}" --steps dca
says err 'cannot keep a study in no/s \(No such file'
[[ ! -e s && ! -e no ]] || fail "a study that is refused makes a folder"

# Ctrl-C ends the step, and nothing of it stays.
"$buddy" study --out s "${setup[@]}" --steps dca >out 2>err </dev/null &
command=$!
for ((i = 0; i < 600; i++)); do [[ -d s/steps ]] && break; sleep 0.05; done
sleep 0.3
kill -INT "$command"
wait "$command"
code=$?
(( code == 130 )) || fail "exit code $code after Ctrl-C"
says err 'stopped by signal 2 .*type the same command again to go on'
no_leftovers
[[ ! -e s/steps/dca.json ]] || fail "a report of a step that was stopped"

# The same command goes on; then there is nothing to do.
study 0 --out s "${setup[@]}" --steps dca
says out '^\[1/1\] dca: done after '
says s/study.md 'Not for quoting'
says s/study.md '^\| histogram \|'
says s/study.json '"state": "done"'
says s/steps/dca.txt histogram
before=$(stat -c %y s/steps/dca.json)
study 0 --out s "${setup[@]}" --steps dca
says out 'dca: done already'
[[ $(stat -c %y s/steps/dca.json) == "$before" ]] || fail "a step that was done is done again"
study 0 --out s "${setup[@]}" --list
says out '^dca +done '
no_leftovers

# Another machine, version, or other options: refused, and nothing is touched.
cp -r s kept
refused() {  # refused WHAT SED_COMMAND PATTERN [OPTION...]
  local what=$1 change=$2 pattern=$3
  shift 3
  sed -i "$change" s/study.json
  cp s/study.json changed.json
  study 2 --out s "${setup[@]}" --steps dca "$@"
  says err "$pattern"
  cmp -s s/study.json changed.json || fail "$what: the record is touched"
  cmp -s s/steps/dca.json kept/steps/dca.json || fail "$what: a report is touched"
  cp kept/study.json s/study.json
}
refused "a machine" '0,/"cpu_model": .*/s//"cpu_model": "Abacus",/' \
  'holds a study of another machine .*"Abacus" there.*another folder after --out'
refused "a version" '0,/"buddy_version": .*/s//"buddy_version": "0.0.1",/' \
  'holds a study of Buddy 0.0.1 \(this is .*another folder after --out'
refused "options" '' "with other options \('repeat' is 2 there, not 3\)" --repeat 3
refused "a record that is cut off" '5,$d' 's/study.json is no JSON'

# Rendering needs neither this machine nor this version.
sed -i '0,/"cpu_model": .*/s//"cpu_model": "Abacus",/' s/study.json
rm s/study.md
study 0 --render s
says s/study.md 'Abacus'
cp kept/study.json s/study.json

# Two at the same time would mix their files up.
flock s true || fail "the lock of a study that has ended is held"
flock s "$buddy" study --out s "${setup[@]}" --steps dca >out 2>err && fail "two studies in one folder"
says err 'a study runs in s already'

# A disk without room, in a namespace of its own; then there is some.
cat >full.sh <<'END'
mount -t tmpfs -o size=1m tmpfs disk && cd disk || exit 99
"$1" study --out s "${@:2}" >../out 2>../err
echo "first $?"
find . -name '.buddy*' -o -size 0 -type f
mount -o remount,size=64m . || exit 99
"$1" study --out s "${@:2}" >../out 2>>../err
echo "second $?"
END
mkdir disk
unshare -rm bash full.sh "$buddy" "${setup[@]}" --steps dca >said
says said '^first 1$'
says err 'the disk of s is full .*make room, then type the same command again'
says said '^second 0$'
(( $(wc -l <said) == 2 )) || fail "left behind on a full disk: $(cat said)"

# Not even room for the first file: the folder stays empty, and the same command begins again.
cat >inodes.sh <<'END'
mount -t tmpfs -o size=64m,nr_inodes=2 tmpfs disk && cd disk || exit 99
"$1" study --out s "${@:2}" >../out 2>../err
echo "first $?"
find s -mindepth 1
mount -o remount,nr_inodes=1000 . || exit 99
"$1" study --out s "${@:2}" >../second.out 2>../err
echo "second $?"
END
unshare -rm bash inodes.sh "$buddy" "${setup[@]}" --steps dca >said
says said '^first 1$'
[[ ! -s out ]] || fail "it says where files are that are not there"
says said '^second 0$'
says second.out '^tables: s/study.md$'
(( $(wc -l <said) == 2 )) || fail "left behind without inodes: $(cat said)"

(( failures == 0 )) && echo "all as expected"
exit $((failures != 0))
