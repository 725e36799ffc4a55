# Standard streams that are closed at the start, in every combination: the commands work as ever, but
# for the exit code of those that print something and cannot.
# Without care a socket or a file of theirs gets the number, and what is printed ends up there.
# timeout: 300
set -uo pipefail
bin=$BUDDY_BIN_DIR
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

verdict() {  # verdict NAME RESULT
  if [[ $2 == 0 ]]; then
    echo "ok: $1"
  else
    echo "FAILED: $1: exit code $2"
    failures=$((failures + 1))
  fi
}

# with_closed STREAMS COMMAND...: runs it with these of 0, 1 and 2 closed.
cat >"$folder/with_closed" <<'END'
#!/bin/bash
streams=$1
shift
[[ $streams == *2* ]] && exec 2>&-
[[ $streams == *1* ]] && exec 1>&-
[[ $streams == *0* ]] && exec 0<&-
exec "$@"
END
chmod +x "$folder/with_closed"
PATH=$folder:$PATH

# Exits with 0 only if descriptors 0 to 2 are open, and are no socket and no file in /dev/shm.
cat >"$folder/program" <<'END'
#!/bin/bash
for fd in 0 1 2; do
  target=$(readlink "/proc/self/fd/$fd") || exit 11
  case $target in socket:* | anon_inode:* | /dev/shm/*) exit 12 ;; esac
done
echo "a line that goes nowhere"
echo "another" >&2
echo "it ran" >>"${0%/*}/ran"
END
chmod +x "$folder/program"
# printed STREAMS CODE: 0 if a command that prints ended as it should with these closed.
printed() { if [[ $1 == *1* ]]; then (( $2 == 1 )); else (( $2 == 0 )); fi; }
key=$(printf '0123456789abcdef%.0s' 1 2)

for streams in 0 1 2 01 02 12 012; do
  for options in "--placement host" "--placement engine --nodes 2"; do
    read -ra words <<<"$options"
    rm -f "$folder/ran"
    with_closed "$streams" "$bin/buddy" run -n 2 "${words[@]}" -- "$folder/program" \
      >"$folder/out" 2>&1
    verdict "run $options without $streams" $?
    [[ $(grep -c 'it ran' "$folder/ran") == 2 ]]
    verdict "both ranks ran, $options without $streams" $?
  done

  rm -f "$folder/bench.json"
  with_closed "$streams" "$bin/buddy" bench histogram -n 2 --compare host,engine --repeat 1 \
    --json "$folder/bench.json" --updates 1000 >"$folder/out" 2>&1
  printed "$streams" $?
  verdict "bench without $streams" $?
  grep -q '"verified": *true' "$folder/bench.json"
  verdict "its report, without $streams" $?

  BUDDY_JOB_KEY=$key with_closed "$streams" "$bin/buddy" engine --listen "unix:$folder/engine-0.sock" &
  engine=$!
  for ((i = 0; i < 500; i++)); do [[ -S $folder/engine-0.sock ]] && break; sleep 0.02; done
  with_closed "$streams" "$bin/buddy" stat >"$folder/out"
  printed "$streams" $?
  verdict "stat without $streams" $?
  BUDDY_PLACEMENT=engine BUDDY_JOB_DIR=$folder BUDDY_JOB_KEY=$key "$bin/test/start" >"$folder/out"
  verdict "a rank at an engine without $streams" $?
  kill -TERM "$engine"
  wait "$engine"
  verdict "engine without $streams" $?

  rm -f "$folder/ran"
  with_closed "$streams" "$bin/buddy" exec-rank -- "$folder/program"
  verdict "exec-rank without $streams" $?
  [[ -s $folder/ran ]]
  verdict "its program, without $streams" $?

  # A program without any command around it: what it prints must not get into Buddy's memory.
  with_closed "$streams" "$bin/test/standard_streams"
  verdict "a rank of its own without $streams" $?
done

(( failures == 0 )) && echo "all as expected"
exit $((failures != 0))
