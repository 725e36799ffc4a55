# Which last-level cache --dram simulates, and that the report says where its geometry is from. In
# place of valgrind runs a script that notes its options and claims misses, so that this needs none.
# timeout: 300
set -uo pipefail
bin=$BUDDY_BIN_DIR
described=/sys/devices/system/cpu/cpu0/cache
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
failures=0

fail() {
  echo "FAILED: $*"
  sed 's/^/  | /' "$folder/out"
  failures=$((failures + 1))
}
says() { grep -qF -- "$2" "$folder/out" || fail "$1: '$2' is not in the output"; }
reports() { grep -qF -- "$2" "$folder/report.json" || fail "$1: '$2' is not in the report"; }

mkdir "$folder/bin" "$folder/empty"
cat >"$folder/bin/valgrind" <<'END'
#!/bin/bash
echo "$*" >>"$VALGRIND_LOG"
while [[ $1 == --* ]]; do
  case $1 in --callgrind-out-file=* | --cachegrind-out-file=*) out=${1#*=} ;; esac
  shift
done
[[ -n $out ]] || exit 1
printf 'events: Ir ILmr DLmr DLmw\nsummary: 1000000 1000 2000 3000\n' >"${out%\%p}$$"
exec "$@"
END
chmod +x "$folder/bin/valgrind"
export VALGRIND_LOG=$folder/log

# bench NAME PREFIX... -- OPTIONS...: the benchmark's output in out, valgrind's options in log.
bench() {
  local name=$1 prefix=()
  shift
  while [[ $1 != -- ]]; do prefix+=("$1"); shift; done
  shift
  rm -f "$folder/log" "$folder/report.json"
  "${prefix[@]}" env PATH="$folder/bin:$PATH" "$bin/buddy" bench histogram -n 2 --nodes 2 \
    --updates 2000 --table 4096 --repeat 1 --placement host --dram cachegrind \
    --json "$folder/report.json" "$@" >"$folder/out" 2>&1 || { fail "$name"; return 1; }
}

# Every cache is named: valgrind would ask the processor, and some processors make no sense.
simulates() {  # simulates NAME LAST_LEVEL
  local line
  [[ -s $folder/log ]] || fail "$1: valgrind has not run"
  while read -r line; do
    [[ " $line " == *" --LL=$2 "* && " $line " == *" --I1=32768,8,64 "* &&
      " $line " == *" --D1=32768,8,64 "* ]] || fail "$1: simulates $line"
  done <"$folder/log"
}

if bench "another size" -- --dram-cache 1M/8; then
  simulates "another size" 1048576,8,64
  reports "another size" '"cache": "1048576,8,64"'
  reports "another size" '"cache_source": "asked"'
  # (1,000 + 2,000 + 3,000) misses of two ranks, 64 bytes each.
  reports "another size" '"dram_bytes_host": 768000.0'
fi

hidden=()
if [[ -e $described ]]; then
  hidden=(unshare --user --map-root-user --mount bash -c
    "mount --bind $folder/empty $described && exec \"\$@\"" _)
  export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
fi
if [[ -e $described ]] && ! "${hidden[@]}" true 2>/dev/null; then
  echo "this machine describes its caches, and cannot hide them (no user namespaces): not tried"
elif bench "a machine that does not describe its cache" "${hidden[@]}" --; then
  simulates "no description" 33554432,16,64
  says "no description" 'assumed, since this machine does not describe its own'
  reports "no description" '"cache_source": "assumed"'
fi

((failures == 0)) && echo "all as it should be"
exit $((failures > 0))
