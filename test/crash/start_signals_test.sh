# Signals at random moments of the start of `buddy run`, and a hang-up that is to be ignored.
# BUDDY_START_SIGNALS=1000 sends a thousand.
# timeout: 600
set -uo pipefail
bin=$BUDDY_BIN_DIR
failures=0

"$bin/test/start_signals" "${BUDDY_START_SIGNALS:-60}" || failures=$((failures + 1))

# As nohup does it: started with SIGHUP ignored, the job outlives its terminal.
trap '' HUP
for placement in host engine; do
  "$bin/buddy" run -n 2 --placement "$placement" -- /bin/sleep 1 &
  command=$!
  for ((i = 0; i < 12; i++)); do
    kill -HUP "$command" 2>/dev/null
    sleep 0.05
  done
  if wait "$command"; then
    echo "ok: a hang-up is ignored, $placement"
  else
    echo "FAILED: a hang-up that is to be ignored ended the job, $placement: exit code $?"
    failures=$((failures + 1))
  fi
done

exit $((failures != 0))
