# What a program is told when its communicator cannot be made: the reason, on every rank, soon, and
# nothing is left behind. Also the ways to start that must work.
# timeout: 900
set -uo pipefail
bin=$BUDDY_BIN_DIR
start=$bin/test/start
other=$bin/test/start_other
buddy=$bin/buddy
read -ra launch <<<"$BUDDY_MPIEXEC ${BUDDY_MPIEXEC_FLAGS:-}"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

fail() {  # fail WHAT OUTPUT
  echo "FAILED: $1"
  sed 's/^/  | /' "$2"
  failures=$((failures + 1))
}

# check NAME EXPECTED_CODE LINES PATTERN COMMAND...: exit code ("any" is any but 0), and how many
# lines of output must match the pattern at least.
check() {
  local name=$1 code=$2 lines=$3 pattern=$4 out=$folder/out result
  shift 4
  "$bin/test/nothing_left" 60 "$@" >"$out" 2>&1
  result=$?
  if [[ $result == 9[67] || ($code == any && $result == 0) || ($code != any && $result != "$code") ]]; then
    fail "$name: exit code $result, expected $code" "$out"
  elif (( $(grep -cE -- "$pattern" "$out") < lines )); then
    fail "$name: fewer than $lines lines match '$pattern'" "$out"
  else
    echo "ok: $name"
  fi
}

# ---- what works
check "two ranks" 0 2 'of 2 heard 3' "${launch[@]}" -n 2 "$start"
check "without a launcher" 0 1 'rank 0 of 1 heard 1' "$start"
check "buddy run, host" 0 2 'of 2 heard 3' "$buddy" run -n 2 -- "$start"
check "buddy run, engines" 0 3 'of 3 heard 6' \
  "$buddy" run -n 3 --nodes 2 --workers 2 --placement engine -- "$start"
check "a name in place of a path" 0 1 'of 1 heard 1' \
  env PATH="$bin/test:$PATH" "$buddy" run -n 1 -- start
check "two programs that are the same" 0 2 'of 2 heard 3' \
  "${launch[@]}" -n 1 "$start" : -n 1 "$start"

# ---- SIGHUP is the program's, whatever UCX makes of it
check "a hang-up ends a rank" 0 1 'default in main' "$bin/test/hangup" default
check "a hang-up ends a rank of buddy run" 0 2 'default in main' \
  "$buddy" run -n 2 -- "$bin/test/hangup" default
check "an ignored hang-up stays ignored" 0 1 'ignored in main' \
  bash -c 'trap "" HUP; exec "$@"' bash "$bin/test/hangup" ignored
check "UCX may have it if the user wants" any 1 'caught in main' \
  env UCX_DEBUG_SIGNO=SIGHUP "$bin/test/hangup" default

# ---- different knobs: ranks that would map each other's rings in other sizes
cat >"$folder/larger" <<END
#!/bin/bash
[[ \${OMPI_COMM_WORLD_RANK:-\${PMI_RANK:-0}} == 0 ]] || export BUDDY_BLOCK_BYTES=65536
exec "$start"
END
chmod +x "$folder/larger"
for placement in host engine; do
  check "different blocks, $placement" any 2 \
    'code 4: .*rank 0 .* and rank 1 .*different blocks, rings or times.*BLOCK_BYTES= .*BLOCK_BYTES=65536' \
    "$buddy" run -n 2 --placement "$placement" -- "$folder/larger"
done
check "a block beyond the ring" any 1 'beyond the ring' \
  env BUDDY_BLOCK_BYTES=1048576 "$start"

# ---- different programs
check "different programs, host" any 2 \
  'code 4: .*rank 0 \(.*start on .*\) and rank 1 \(.*start_other on .*different handlers \(1 and 2\)' \
  "${launch[@]}" -n 1 "$start" : -n 1 "$other"
check "different programs, three ranks" any 3 'code 4: .*rank 0 \(.*start on .*\) and rank 2 \(.*start_other on' \
  "${launch[@]}" -n 2 "$start" : -n 1 "$other"

# ---- variables that mean nothing
refused() {  # refused NAME CODE PATTERN VARIABLE=VALUE...
  local name=$1 code=$2 pattern=$3
  shift 3
  check "$name" any 2 "code $code: rank 0: $pattern" env "$@" "${launch[@]}" -n 2 "$start"
}
refused "unknown placement" 1 'BUDDY_PLACEMENT=nonsense .*host and engine' BUDDY_PLACEMENT=nonsense
refused "unknown fabric" 1 'BUDDY_FABRIC=nonsense .*shm and ucx' BUDDY_FABRIC=nonsense
refused "nodes that are no number" 1 'BUDDY_NODES=2x .*numbers' BUDDY_NODES=2x
refused "no nodes" 1 'the number of nodes is 0' BUDDY_NODES=0
refused "more nodes than ranks" 1 '3 nodes for 2 ranks' BUDDY_NODES=3
check "placements that differ" any 2 'code 4: .*rank 0.*rank 1.*different options' \
  "${launch[@]}" -n 1 env BUDDY_FABRIC=ucx "$start" : -n 1 env BUDDY_FABRIC=shm "$start"

# ---- engines that are not there
key=$(printf '0123456789abcdef%.0s' 1 2)
refused "no engine asked for by hand" 2 'engine placement without engines \(neither BUDDY_JOB_DIR' \
  BUDDY_PLACEMENT=engine
refused "a key that is none" 1 '.*BUDDY_JOB_KEY' \
  BUDDY_PLACEMENT=engine BUDDY_JOB_DIR="$folder" BUDDY_JOB_KEY=123
refused "a folder that is not there" 2 "no engine answers at $folder/nowhere/engine-0.sock" \
  BUDDY_PLACEMENT=engine BUDDY_JOB_DIR="$folder/nowhere" BUDDY_JOB_KEY="$key"
refused "a path that is too long" 2 'no engine answers at .*too long' \
  BUDDY_PLACEMENT=engine BUDDY_JOB_DIR="$folder/$(printf 'x%.0s' {1..120})" BUDDY_JOB_KEY="$key"

# ---- engines started by hand
BUDDY_JOB_KEY=$key "$buddy" engine --listen "unix:$folder/engine-0.sock" --workers 2 &
engine=$!
for ((i = 0; i < 500; i++)); do [[ -S $folder/engine-0.sock ]] && break; sleep 0.02; done
with_engine=(env BUDDY_PLACEMENT=engine BUDDY_JOB_DIR="$folder" BUDDY_JOB_KEY="$key")
check "an engine started by hand" 0 2 'of 2 heard 3' "${with_engine[@]}" "${launch[@]}" -n 2 "$start"
check "the same engine again" 0 3 'of 3 heard 6' "${with_engine[@]}" "${launch[@]}" -n 3 "$start"
refused "an engine with another key" 4 'the engine belongs to another job' \
  BUDDY_PLACEMENT=engine BUDDY_JOB_DIR="$folder" BUDDY_JOB_KEY="${key//0/f}"
check "different programs at an engine" any 2 'code 4: .*different handlers' \
  "${with_engine[@]}" "${launch[@]}" -n 1 "$start" : -n 1 "$other"
check "one engine for two nodes" any 2 'no engine answers at .*engine-1.sock' \
  "${with_engine[@]}" BUDDY_NODES=2 "${launch[@]}" -n 2 "$start"
check "the engine lives on" 0 2 'of 2 heard 3' "${with_engine[@]}" "${launch[@]}" -n 2 "$start"
kill -TERM "$engine"
wait "$engine" || fail "the engine's exit code is $? after SIGTERM" /dev/null
[[ ! -e $folder/engine-0.sock ]] || fail "the engine's socket is still there" /dev/null
: >"$folder/engine-0.sock"
refused "a file in place of a socket" 2 'no engine answers at .*engine-0.sock' \
  BUDDY_PLACEMENT=engine BUDDY_JOB_DIR="$folder" BUDDY_JOB_KEY="$key"

# ---- too little shared memory: buddy run says so at once, the ranks if they are started by hand
small='mount -t tmpfs -o size=16m tmpfs /dev/shm && exec "$@"'
if unshare -m bash -c "$small" bash true 2>/dev/null; then
  # Small enough for Buddy, large enough for the MPI libraries.
  in_small=(unshare -m bash -c "$small" bash)
  cat >"$folder/beside_an_engine" <<END
#!/bin/bash
export BUDDY_PLACEMENT=engine BUDDY_JOB_DIR=$folder/small BUDDY_JOB_KEY=$key
mkdir -p "\$BUDDY_JOB_DIR"
"$buddy" engine --listen "unix:\$BUDDY_JOB_DIR/engine-0.sock" &
engine=\$!
for ((i = 0; i < 500; i++)); do [[ -S \$BUDDY_JOB_DIR/engine-0.sock ]] && break; sleep 0.02; done
"\$@"
code=\$?
kill -TERM "\$engine"
wait "\$engine"
exit "\$code"
END
  chmod +x "$folder/beside_an_engine"
  check "a small /dev/shm, host" any 8 'code 3: .*/dev/shm is too small .* needs [0-9]+ MiB' \
    "${in_small[@]}" "${launch[@]}" -n 8 "$start"
  check "a small /dev/shm, engine" any 20 \
    'code 3: .*/dev/shm is too small .* needs [0-9]+ [KM]iB' \
    "${in_small[@]}" "$folder/beside_an_engine" "${launch[@]}" -n 20 "$start"
  check "a small /dev/shm, buddy run, host" 2 1 \
    'needs [0-9]+ MiB of /dev/shm, [0-9]+ MiB are free.* --placement engine .* --routing grid' \
    "${in_small[@]}" "$buddy" run -n 8 -- "$start"
  check "a small /dev/shm, buddy run, engine" 2 1 \
    'needs [0-9]+ MiB of /dev/shm, [0-9]+ MiB are free.* --ring 4 ' \
    "${in_small[@]}" "$buddy" run -n 20 --placement engine -- "$start"
  # The MPI library takes room besides.
  in_larger=(unshare -m bash -c "${small/16m/28m}" bash)
  check "a larger /dev/shm" 2 1 'needs 31 MiB of /dev/shm, 28 MiB are free.* --ring 4 ' \
    "${in_larger[@]}" "$buddy" run -n 8 -- "$start"
  check "a larger /dev/shm, as advised" 0 8 'of 8 heard 36' \
    "${in_larger[@]}" "$buddy" run -n 8 --ring 4 -- "$start"
else
  echo "no mount namespaces here: a small /dev/shm was not tried"
fi

(( failures == 0 )) && echo "all as expected"
exit $(( failures != 0 ))
