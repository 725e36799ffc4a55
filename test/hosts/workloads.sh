# The workloads, small, for the scripts next to this one. Each verifies its own answer.
workload_lines=(
  'histogram --updates 20000 --table 2^12'
  'indexgather --requests 5000 --table 2^12'
  'transpose --scale 9'
  'permute --scale 9'
  'toposort --scale 10'
  'triangles --scale 8'
  'sssp --scale 9'
  'bfs --scale 9'
  'transport --mesh 16 --particles 5000'
  'latency --rounds 200'
)

# run_workloads WHAT PREFIX...: all of them, verified.
run_workloads() {
  local what=$1 line words
  shift
  for line in "${workload_lines[@]}"; do
    read -ra words <<<"$line"
    ends 0 ', verified$' "$what: ${words[0]}" \
      "$@" "$BUDDY_BIN_DIR/buddy-${words[0]}" "${words[@]:1}"
  done
}
