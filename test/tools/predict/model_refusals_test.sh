# What `buddy bench model` could not run is refused before the first run, which may be minutes before
# the one that it is for.
set -uo pipefail
buddy=$BUDDY_BIN_DIR/buddy
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

# refused PATTERN OPTION...: exit code 2 within seconds, one line that matches, and nothing else.
refused() {
  local pattern=$1 code
  shift
  timeout 20 "$buddy" bench model histogram bfs --of-each 1 --repeat 1 --dram none "$@" \
    >"$folder/out" 2>"$folder/err" </dev/null
  code=$?
  if [[ $code == 2 && $(grep -c '' "$folder/err") == 1 && ! -s $folder/out ]] &&
    grep -qE -- "$pattern" "$folder/err"; then
    return
  fi
  echo "FAILED: exit code $code, no '$pattern': $*"
  sed 's/^/  | /' "$folder/out" "$folder/err" | cut -c 1-300
  failures=$((failures + 1))
}

refused "there is no option '--payloda' .*did you mean '?--payload" --outside 'histogram --payloda 8'
refused "--updates.*'many'" --outside 'histogram --updates 1k' 'histogram --updates many'
refused 'latency reads no file' --outside 'latency --input graph.mtx'
refused '--method is not for buddy bench model' --outside 'histogram --method alltoallv'
refused "there is no workload 'histogran'" --outside 'histogran --updates 1k'
refused '--host-cpus names CPU 999' --host-cpus 999
refused '--engine-cpus names CPU 999' --host-cpus 0 --engine-cpus 999

(( failures == 0 )) && echo "all as expected"
exit $((failures != 0))
