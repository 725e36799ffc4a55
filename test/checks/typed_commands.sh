#!/usr/bin/env bash
# Types what README.md and docs/ tell to type: every block marked `sh`, from the README's first line
# of building to the last of running. The sources are those of a release, which is packed here, and
# which must build with neither node nor npm. If this is root, a user without rights types it, and
# root what matters to root: the README.
# What follows `sh` in a block's first line:
#   source-tree       typed where the sources lie, before anything else
#   long: REASON      takes minutes: each line must be running after some seconds, or have ended well;
#                     several are started at a time, and what stands on two pages once
#   no-run: REASON    not typed; listed and counted
# `buddy bench` gets --repeat 1; nothing else is changed.
# usage: typed_commands.sh ROOT BUILD_DIR VERSION   (CXX set)
set -euo pipefail
root=$1
build=$2
version=$3
seconds_of_a_long_one=8
long_ones_at_a_time=6
most_not_typed=3
work=$(mktemp -d "${TMPDIR:-/tmp}/buddy-typed.XXXXXX")
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"

complain() {
  echo "$*"
  exit 1
}

# ---------------------------------------------------------------- the blocks
# Of each a file NUMBER.sh; its page, line and what follows `sh` in NUMBER.info.
mkdir "$work/blocks"
mapfile -t pages < <(cd "$root" && ls README.md CONTRIBUTING.md docs/*.md docs/*/*.md)
(cd "$root" && awk -v folder="$work/blocks" '
  /^```/ {
    inside = !inside
    file = ""
    if (inside && /^```sh( |$)/) {
      file = sprintf("%s/%03d", folder, ++count)
      print FILENAME ":" FNR substr($0, 6) >(file ".info")
    }
    next
  }
  file != "" { print >(file ".sh") }' "${pages[@]}")

for info in "$work"/blocks/*.info; do
  read -r place rest <"$info"
  case "$rest" in
    '' | source-tree | 'long: '?* | 'no-run: '?*) ;;
    *) complain "$place: a block may be source-tree, long: REASON or no-run: REASON, not '$rest'" ;;
  esac
done

blocks() {  # blocks KIND PAGES: numbers of those; KIND "" is what is typed as it stands
  local info place rest
  for info in "$work"/blocks/*.info; do
    read -r place rest <"$info"
    [[ ${place%:*} == $2 && ${rest%%:*} == "$1" ]] || continue
    basename "$info" .info
  done
}

mapfile -t not_typed < <(blocks no-run '*')
for number in "${not_typed[@]}"; do echo "not typed: $(<"$work/blocks/$number.info")"; done
(( ${#not_typed[@]} <= most_not_typed )) || complain "more than $most_not_typed blocks are not typed"

# ---------------------------------------------------------------- a release, built and installed
export CCACHE_NOHASHDIR=1 CCACHE_BASEDIR=$work/buddy-$version
if command -v ccache >/dev/null; then CCACHE_DIR=$(ccache -k cache_dir); export CCACHE_DIR; fi
cmake --build "$build" --target dist >"$work/dist.log" 2>&1 || complain "$(tail -n 30 "$work/dist.log")"
cp "$build/buddy-$version.tar.gz" "$work/first.tar.gz"
cmake --build "$build" --target dist >"$work/dist.log" 2>&1
cmp "$work/first.tar.gz" "$build/buddy-$version.tar.gz" || complain "the same sources make another release"
tar -C "$work" -xf "$work/first.tar.gz"

mkdir "$work/no_node" "$work/home"
for tool in node nodejs npm; do
  printf '#!/bin/sh\necho %s >>"%s/called"\nexit 1\n' "$tool" "$work" >"$work/no_node/$tool"
  chmod +x "$work/no_node/$tool"
done

# A shell with nothing but what the pages say: as root Open MPI wants to be told, which the README says.
# The language is the caller's: the compiler cache takes another one for another compilation.
plain=(env -i ${LANG+LANG="$LANG"} PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)
as_root=()
(( $(id -u) != 0 )) || as_root=(OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1)

for number in $(blocks source-tree README.md); do
  echo "== $(<"$work/blocks/$number.info")"
  (cd "$work/buddy-$version" && "${plain[@]}" HOME="$work/home" PATH="$work/no_node:$PATH" \
    CXX="$CXX" CCACHE_DIR="${CCACHE_DIR:-}" CCACHE_NOHASHDIR=1 CCACHE_BASEDIR="$CCACHE_BASEDIR" \
    bash -euo pipefail "$work/blocks/$number.sh") >"$work/typed-$number.log" 2>&1 ||
    complain "$(tail -n 60 "$work/typed-$number.log")"
done
[[ ! -e $work/called ]] || complain "a release needs no $(<"$work/called")"
[[ -x $work/home/buddy/bin/buddy ]] || complain "nothing was installed to ~/buddy"
[[ $("$work/home/buddy/bin/buddy" --version) == *"$version"* ]] || complain "another version than $version"

# The README shows what the demo prints here, but for its figures, the machine, a spread's digits, and
# what a busy machine lets it say about them.
demo_lines() {  # from the benchmark's first line to the last; numbers are N, CPUs may be any
  awk '/^transport: / { on = 1 } on && !/^(machine|cache line)/ { print } /^Page: / { on = 0 }' "$@" |
    sed -E '/^  in doubt /d; s/^(  verdict ).*/\1/; s/CPUs? [-0-9,]+/CPUs N/g; s/[0-9]+(\.[0-9]+)?/N/g; s/ +/ /g; s/ $//' | grep -v '^$'
}
if (( $(bash "$root/packaging/demo_cpus.sh" | wc -w) == 2 )); then
  diff <(demo_lines "$root/README.md") <(cat "$work"/typed-*.log | demo_lines) ||
    complain "the demo prints something else (right) than README.md shows (left): show what it prints"
fi
for cpu in $(bash "$root/packaging/demo_cpus.sh"); do
  [[ $(taskset -c "$cpu" bash "$root/packaging/demo_cpus.sh") == "$cpu" ]] ||
    complain "the demo takes CPUs that it may not use: may use $cpu"
done

# web/ that has changed since the page was made is not passed over.
echo "/* changed */" >>"$work/buddy-$version/web/src/style.css"
cmake -S "$work/buddy-$version" -B "$work/changed" -DBUDDY_TESTS=OFF >"$work/changed.log" 2>&1 || true
grep -q "web/ differs from what web/dist was made of" "$work/changed.log" ||
  complain "a page that no longer fits its sources is used: $(tail -n 5 "$work/changed.log")"

# ---------------------------------------------------------------- what they work on
inputs() {  # inputs FOLDER
  awk '/^```/ { inside = !inside && /^```cpp/; next } inside' "$root/README.md" >"$1/hello.cpp"
  cp "$root/test/checks/consumer/ygm.cpp" "$1/program.cpp"
  awk 'BEGIN { print "# SNAP"; for (i = 0; i < 3000; ++i) print i, (i * 7 + 3) % 3000 }' |
    gzip >"$1/web-NotreDame.txt.gz"
  { echo "%%MatrixMarket matrix coordinate real general"; echo "500 400 800"
    awk 'BEGIN { for (i = 0; i < 800; ++i) print i % 500 + 1, (i * 3) % 400 + 1, i + 0.5 }'; } |
    gzip >"$1/matrix.mtx.gz"
}

# Types the README's blocks and then those of other pages one after the other in one shell, echoing
# each line; what the README's export and build is there for the others.
type_all() {  # type_all HOME PAGES COMMAND...: with which to become whoever types
  local home=$1 others=$2 numbers number began=$SECONDS
  shift 2
  mkdir "$home/here"
  inputs "$home/here"
  (( $# == 0 )) || chown -R nobody "$home"
  mapfile -t numbers < <(blocks "" README.md; blocks "" "$others")
  {
    echo 'exec 2>&1; cd ~/here'
    for number in "${numbers[@]}"; do
      # ./program is what the pages call the reader's own.
      echo "[[ -e program || ! -e hello ]] || cp hello program"
      echo "echo '== $(<"$work/blocks/$number.info")'; set -v"
      sed -E '/^buddy bench (dca|model)|--repeat/b; s/^(buddy bench [^#]*[^# ])/\1 --repeat 1/' "$work/blocks/$number.sh"
      echo 'set +v'
    done
    echo 'echo "all typed"'
  } >"$home/session.sh"
  "$@" "${plain[@]}" HOME="$home" CXX="$CXX" "${as_root[@]}" bash -euo pipefail "$home/session.sh" \
    </dev/null >"$work/session.log" 2>&1 || true
  tail -n 1 "$work/session.log" | grep -qx "all typed" ||
    complain "$(tail -n 60 "$work/session.log")"
  echo "${#numbers[@]} blocks typed in $(( SECONDS - began )) s"
}

start_long() {  # start_long HOME FOLDER LINE: types it there; how it ends goes to FOLDER.status
  mkdir "$2"
  inputs "$2"
  (
    status=0
    cd "$2"
    "${plain[@]}" HOME="$1" "${as_root[@]}" PATH="$1/buddy/bin:$PATH" timeout --signal=INT \
      --kill-after=60 "$seconds_of_a_long_one" bash -c "$3" </dev/null >"$2.log" 2>&1 || status=$?
    echo "$status" >"$2.status"
  ) &
}

# Each line in a folder of its own: still at it after some seconds, or well ended.
type_long() {  # type_long HOME
  local number line i status lines=() places=() began=$SECONDS
  for number in $(blocks long '*'); do
    while IFS= read -r line; do
      line=$(sed -E 's/ +#.*//' <<<"$line")
      [[ $'\n'$(printf '%s\n' "${lines[@]}")$'\n' != *$'\n'"$line"$'\n'* ]] || continue
      lines+=("$line")
      places+=("$(<"$work/blocks/$number.info")")
    done <"$work/blocks/$number.sh"
  done
  for i in "${!lines[@]}"; do
    start_long "$1" "$work/long-$i" "${lines[i]}"
    (( (i + 1) % long_ones_at_a_time != 0 )) || wait
  done
  wait
  for i in "${!lines[@]}"; do
    status=$(<"$work/long-$i.status")
    (( status == 0 || status == 124 )) ||
      complain "${places[i]}: ${lines[i]}: ended with $status: $(tail -n 30 "$work/long-$i.log")"
  done
  echo "${#lines[@]} commands of minutes started in $(( SECONDS - began )) s"
}

if (( $(id -u) == 0 )); then
  echo "== as a user"
  mkdir "$work/user"
  cp -a "$work/home/buddy" "$work/user/"
  saved=("${as_root[@]}")
  as_root=()
  type_all "$work/user" 'docs/*' setpriv --reuid nobody --regid nogroup --clear-groups
  as_root=("${saved[@]}")
  echo "== as root"
  type_all "$work/home" ""
else
  type_all "$work/home" 'docs/*'
fi
type_long "$work/home"
