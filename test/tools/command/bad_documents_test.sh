# Every option that takes a file, given what is none: directories, pipes, empty, cut and endless
# files. Each is one line that says why, and an exit code of its own; nothing aborts or waits.
# timeout: 600
set -uo pipefail
bin=$BUDDY_BIN_DIR
buddy=$bin/buddy
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0
tried=0

fail() {
  echo "FAILED: $*"
  sed 's/^/  | /' "$folder/err" | cut -c 1-300
  failures=$((failures + 1))
}

# refused WHAT PATTERN COMMAND...: ends with 1 or 2, says one line that matches, and nothing else.
refused() {
  local what=$1 pattern=$2 code
  shift 2
  tried=$((tried + 1))
  timeout 60 "$@" >"$folder/out" 2>"$folder/err" </dev/null
  code=$?
  [[ $code == 1 || $code == 2 ]] || fail "$what: exit code $code: $*"
  [[ $(grep -c '' "$folder/err") == 1 ]] || fail "$what: not one line: $*"
  grep -qE "^buddy [a-z ]+: .*\(.*\).*$pattern|^buddy [a-z ]+: .*$pattern.*\(.*\)|^buddy [a-z ]+: .*\(.*$pattern.*\)" \
    "$folder/err" || fail "$what: no '$pattern': $*"
}

# A profile that can be predicted from, and a model.
profile=$folder/profile.json
"$buddy" profile -n 2 --nodes 2 --json "$profile" -- "$bin/buddy-histogram" --updates 20000 \
  --table 1024 >"$folder/out" 2>"$folder/err" || fail "a profile"
model=$BUDDY_SOURCE_DIR/data/reference_model.json

mkdir "$folder/directory" "$folder/directory/app" "$folder/directory/app/a.trace" "$folder/traces" \
  "$folder/traces/app"
mkfifo "$folder/pipe" "$folder/traces/app/b.trace"
: >"$folder/empty"
head -c 500 "$profile" >"$folder/cut"
{ head -c 3000000 /dev/zero | tr '\0' '['; } >"$folder/deep"
head -c 3000 /dev/urandom >"$folder/noise"
echo '{"schema": "buddy.other.v1"}' >"$folder/other"
echo '{"schema": 1e999}' >"$folder/huge"
echo '[1, 2]' >"$folder/array"

declare -A why=([directory]='Is a directory' [pipe]='is empty' [empty]='is empty' [cut]='cut off'
  [deep]='nested' [noise]='is no JSON|nested' [other]='' [huge]='too large' [array]=''
  [missing]='[Nn]o such file' [/dev/zero]='more than 64 MiB' [profile.json/x]='Not a directory')
for name in "${!why[@]}"; do
  path=$name
  [[ $name == /* ]] || path=$folder/$name
  refused "profile, $name" "${why[$name]}" "$buddy" predict "$path"
  refused "engine, $name" "${why[$name]/Not a directory/no such file}" \
    "$buddy" predict "$profile" --engine "$path"
  refused "model, $name" "${why[$name]}" "$buddy" predict "$profile" --model "$path"
  refused "calibration, $name" "${why[$name]}" "$buddy" predict "$profile" --calibration "$path"
  refused "runs of the past, $name" "${why[$name]}" "$buddy" bench model --from "$model" "$path"
done
refused "traces, a directory called like one" 'is no file' "$buddy" bench dca --replay "$folder/directory"
refused "traces, a pipe" 'is no file' "$buddy" bench dca --replay "$folder/traces"
refused "traces, a file" '' "$buddy" bench dca --replay "$profile"

# Numbers in the middle of documents that are right otherwise.
sed 's/"barriers": [0-9.e+-]*/"barriers": -9.2e18/' "$model" >"$folder/barriers.json"
refused "a negative count" "'barriers' is -9.2e\+18" "$buddy" predict "$profile" --model "$folder/barriers.json"
sed 's/"seconds": [0-9.e+-]*,/"seconds": 1e-320,/' "$profile" >"$folder/seconds.json"
refused "no time" "'seconds' is 1e-320" "$buddy" predict "$folder/seconds.json"
echo '{"schema": "buddy.engine.v1", "speed": 1e-320}' >"$folder/engine.json"
refused "no speed" "'speed' is 1e-320" "$buddy" predict "$profile" --engine "$folder/engine.json"

# Where nothing can be written.
for option in --json --html; do
  refused "$option, a directory" 'Is a directory' "$buddy" predict "$profile" $option "$folder/directory"
  refused "$option, no folder" 'No such file' "$buddy" predict "$profile" $option "$folder/none/x"
  refused "$option, a directory" 'Is a directory' "$buddy" bench model --from "$model" $option "$folder/directory"
  refused "$option, a directory" 'Is a directory' "$buddy" bench histogram $option "$folder/directory"
  refused "$option, a directory" 'Is a directory' "$buddy" profile $option "$folder/directory" -- true
done
refused "one file for both" 'cannot both be' "$buddy" predict "$profile" --json "$folder/x" --html "$folder/x"
[[ ! -e $folder/x ]] || fail "a report that was refused was begun"
refused "a report that does not fit" 'No space' "$buddy" predict "$profile" --json /dev/full
refused "a calibration into a directory" '' "$buddy" calibrate --output "$folder/directory"

# A pipe with a writer is as good as a file.
timeout 60 "$buddy" predict <(cat "$profile") --model <(cat "$model") >"$folder/out" 2>"$folder/err" ||
  fail "documents from pipes"

((failures == 0)) && echo "$tried bad files, each refused in one line"
exit $((failures > 0))
