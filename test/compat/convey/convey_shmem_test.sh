# Conveyors in a program that starts by OpenSHMEM, where Open MPI has it: under its launcher, and under
# buddy run in both placements.
set -uo pipefail
bin=$BUDDY_BIN_DIR
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
if ! command -v oshcc >/dev/null || [[ $("$BUDDY_MPIEXEC" --version 2>&1) != *Open* ]]; then
  echo "no OpenSHMEM for this MPI: nothing to look at"
  exit 0
fi
oshcc -O2 -I"$BUDDY_SOURCE_DIR/compat/convey/include" \
  "$BUDDY_SOURCE_DIR/test/compat/convey/programs/shmem.c" -o "$folder/program" \
  -L"$bin/../lib" -Wl,-rpath,"$bin/../lib" -lbuddy-convey -lbuddy || exit 1
echo 'int main(void) { shmem_init(); shmem_finalize(); return 0; }' |
  oshcc -include shmem.h -x c - -o "$folder/empty" || exit 1
read -ra oshrun <<<"oshrun ${BUDDY_MPIEXEC_FLAGS:---oversubscribe --bind-to none}"
# Open MPI 4.1.4 of Debian 12 crashes in shmem_finalize, whatever the program.
ends_well=1
timeout 60 "${oshrun[@]}" -n 2 "$folder/empty" >/dev/null 2>&1 || ends_well=0
failures=0

run() {  # run NAME COMMAND...
  local name=$1 status
  shift
  timeout -k 5 100 "$@" "$folder/program" >"$folder/out" 2>&1
  status=$?
  if (( $(grep -c "^PE [01]: ok$" "$folder/out") == 2 && (status == 0 || !ends_well) )); then
    echo "ok: $name"
  else
    echo "FAILED: $name ends with $status"
    sed 's/^/  | /' "$folder/out"
    failures=$((failures + 1))
  fi
}

run "oshrun" "${oshrun[@]}" -n 2
run "buddy run" "$bin/buddy" run -n 2 --
run "buddy run, engine" "$bin/buddy" run -n 2 --placement engine --

(( failures == 0 )) && echo "all as expected"
exit $((failures != 0))
