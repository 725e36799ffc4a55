#!/usr/bin/env bash
# Installs the build to a fresh prefix, moves the prefix, and builds and runs a program against it:
# once with find_package(buddy), once with pkg-config only, and the installed examples. Looks at what
# libbuddy exports and at the installed pages, too.
# usage: installed_consumer.sh BUILD_DIR CONSUMER_DIR   (CXX, MPI_FLAVOUR, BUDDY_MPIEXEC set)
set -euo pipefail
build=$1
consumer=$2
work=$(mktemp -d "${TMPDIR:-/tmp}/buddy-consumer.XXXXXX")
trap 'rm -rf "$work"' EXIT

launch() {
  if [[ $MPI_FLAVOUR == openmpi ]]; then
    timeout 120 "$BUDDY_MPIEXEC" --oversubscribe --bind-to none -n 2 "$@"
  else
    timeout 120 "$BUDDY_MPIEXEC" -n 2 "$@"
  fi
}

# Installed trees get moved, by packagers for one: nothing may remember the first place.
cmake --install "$build" --prefix "$work/first" >"$work/install.log"
mv "$work/first" "$work/prefix"
prefix=$work/prefix
libdir=$(dirname "$(find "$prefix" -name 'libbuddy.*' | head -n 1)")

if [[ -x $prefix/bin/buddy ]]; then
  for file in man/man1/buddy-bench-dca.1 bash-completion/completions/buddy zsh/site-functions/_buddy; do
    [[ -s $prefix/share/$file ]] || { echo "share/$file is not installed"; exit 1; }
  done
fi

echo "== find_package"
cmake -S "$consumer" -B "$work/cmake" -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$prefix" \
  -DCMAKE_CXX_COMPILER="$CXX" >"$work/configure.log" || { cat "$work/configure.log"; exit 1; }
cmake --build "$work/cmake" >"$work/build.log" || { cat "$work/build.log"; exit 1; }
launch "$work/cmake/consumer"
launch "$work/cmake/ygm_consumer"
launch "$work/cmake/convey_consumer"
launch "$work/cmake/hello" >"$work/hello.txt"
grep -qx "4 different words" "$work/hello.txt" ||
  { cat "$work/hello.txt"; echo "the README's program prints something else"; exit 1; }

echo "== pkg-config"
export PKG_CONFIG_PATH=$libdir/pkgconfig
read -ra flags <<<"$(pkg-config --cflags buddy)"
read -ra libs <<<"$(pkg-config --libs buddy)"
[[ -e $libdir/libbuddy.so ]] || read -ra libs <<<"$(pkg-config --libs --static buddy)"
"$CXX" -std=c++20 -O3 -Wall -Wextra -Wpedantic -Werror "${flags[@]}" "$consumer/main.cpp" -o "$work/by-pkg-config" "${libs[@]}" \
  -Wl,-rpath,"$libdir"
launch "$work/by-pkg-config"
read -ra flags <<<"$(pkg-config --cflags buddy-ygm)"
"$CXX" -std=c++20 -O3 -Wall -Wextra -Wpedantic -Werror "${flags[@]}" "$consumer/ygm.cpp" -o "$work/ygm-by-pkg-config" "${libs[@]}" \
  -Wl,-rpath,"$libdir"
launch "$work/ygm-by-pkg-config"
read -ra flags <<<"$(pkg-config --cflags buddy-convey)"
read -ra libs <<<"$(pkg-config --libs buddy-convey)"
[[ -e $libdir/libbuddy.so ]] || read -ra libs <<<"$(pkg-config --libs --static buddy-convey)"
cc -std=c11 -O3 -Wall -Wextra -Wpedantic -Werror "${flags[@]}" "$consumer/convey.c" -o "$work/convey-by-pkg-config" "${libs[@]}" \
  -Wl,-rpath,"$libdir"
launch "$work/convey-by-pkg-config"

echo "== documentation and examples"
doc=$prefix/share/doc/buddy
for file in README.md LICENSE CHANGELOG.md docs/api.md docs/formats/README.md examples/hello.cpp; do
  [[ -s $doc/$file ]] || { echo "share/doc/buddy/$file is not installed"; exit 1; }
done
bash "$(dirname "$consumer")/readme.sh" "$doc"  # their links lead somewhere there
cmake -S "$doc/examples" -B "$work/examples" -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$prefix" \
  -DCMAKE_CXX_COMPILER="$CXX" >"$work/configure.log" || { cat "$work/configure.log"; exit 1; }
cmake --build "$work/examples" --parallel 2 >"$work/build.log" || { cat "$work/build.log"; exit 1; }
for example in "$doc"/examples/*.c*; do
  [[ $example != *.txt ]] || continue
  name=$(basename "${example%.*}")
  launch "$work/examples/$name" >"$work/example.txt" || { cat "$work/example.txt"; echo "$name failed"; exit 1; }
done

echo "== installed commands"
for command in "$prefix"/bin/*; do
  "$command" --help >/dev/null || { echo "$command --help failed"; exit 1; }
  echo "${command##*/} --help: ok"
done

if [[ -e $libdir/libbuddy.so ]]; then
  echo "== exported symbols"
  nm -DC --defined-only "$libdir/libbuddy.so" >"$work/symbols"
  grep -q 'buddy::Comm::barrier' "$work/symbols" || { echo "buddy::Comm is not exported"; exit 1; }
  if grep -E ' [TDBR] buddy::(base|instrument|wire|arena|transport|engine|comm)::' "$work/symbols"; then
    echo "internal symbols are exported (see above) keep them out of cmake/visible_api.hpp"
    exit 1
  fi
  echo "$(grep -c ' [TDBR] ' "$work/symbols") strong symbols, none of an inner layer"
fi
