# For the scripts next to this one: random_kills with fewer moments where each takes long.
kills=$BUDDY_BIN_DIR/test/random_kills
failures=0

# Open MPI without sanitizers gets all moments, every other build a quarter.
share=4
# No `| grep -q`: it leaves early, the writer dies of that, and pipefail turns a yes into a no.
launcher=$("$BUDDY_MPIEXEC" --version 2>&1)
libraries=$(ldd "$BUDDY_BIN_DIR/test/victim")
# Its mpiexec calls itself OpenRTE, its mpirun Open MPI.
if [[ $launcher == *Open* && $libraries != *libasan* ]]; then
  share=1
fi

moments() {  # moments VARIANT TARGET SIGNAL TIMES [RANKS]
  "$kills" "$1" "$2" "$3" $((($4 + share - 1) / share)) "${@:5}" || failures=$((failures + 1))
}
