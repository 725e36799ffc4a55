# A running job, and commands in containers that share /dev/shm but number their processes on their
# own: nobody takes the job's directory for a dead one's.
# timeout: 120
set -uo pipefail
bin=$BUDDY_BIN_DIR
elsewhere=(unshare --pid --fork --kill-child --mount-proc)
if ! "${elsewhere[@]}" true 2>/dev/null; then
  echo "no namespaces of processes here: not tried (JobDir.the_living_are_known_by_their_lock_and_not_by_their_number has two processes instead)"
  exit 0
fi
folder=$(mktemp -d)
trap 'touch "$folder/stop"; wait; rm -rf "$folder"' EXIT
failures=0
check() {  # check NAME RESULT
  if [[ $2 == 0 ]]; then
    echo "ok: $1"
  else
    echo "FAILED: $1"
    failures=$((failures + 1))
  fi
}

cat >"$folder/program" <<'END'
#!/bin/bash
echo "$BUDDY_JOB_DIR" >"${0%/*}/job_dir"
for ((i = 0; i < 1000; i++)); do [[ -e ${0%/*}/stop ]] && break; sleep 0.05; done
END
chmod +x "$folder/program"

# The job outside, the other command inside; then the other way round.
for where in outside inside; do
  rm -f "$folder/job_dir" "$folder/stop"
  job=("$bin/buddy" run -n 2 --placement engine -- "$folder/program")
  other=("$bin/buddy" stat)
  if [[ $where == inside ]]; then job=("${elsewhere[@]}" "${job[@]}"); else other=("${elsewhere[@]}" "${other[@]}"); fi
  "${job[@]}" &
  running=$!
  for ((i = 0; i < 1000; i++)); do [[ -s $folder/job_dir ]] && break; sleep 0.02; done
  directory=$(<"$folder/job_dir")
  "${other[@]}" >/dev/null
  check "another command ends well, job $where" $?
  [[ -S $directory/engine-0.sock ]]
  check "the running job keeps $directory, job $where" $?
  touch "$folder/stop"
  wait "$running"
  check "the job ends well, job $where" $?
  [[ ! -e $directory ]]
  check "its directory goes with it, job $where" $?
done

# Counters of engines in a container are seen from outside.
rm -f "$folder/stop" "$folder/job_dir"
"${elsewhere[@]}" "$bin/buddy" run -n 2 --placement host -- "$bin/test/victim" >/dev/null 2>&1 &
running=$!
seen=1
for ((i = 0; i < 200 && seen != 0; i++)); do
  sleep 0.05
  [[ $("$bin/buddy" stat | grep -c 'embedded engine') -ge 2 ]] && seen=0
done
check "stat sees engines in a container" $seen
kill -KILL "$running"  # and the whole namespace with it
wait "$running" 2>/dev/null

(( failures == 0 )) && echo "all as expected"
exit $((failures != 0))
