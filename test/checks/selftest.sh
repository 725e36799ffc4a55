#!/usr/bin/env bash
# The checkers themselves: each must accept a good tree and name the file in a bad one.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/buddy-checks.XXXXXX")
trap 'rm -rf "$work"' EXIT
failures=0

fresh_tree() {
  rm -rf "$work/tree"
  mkdir -p "$work"/tree/{docs/formats,examples,include/buddy,src/{base,instrument,wire,arena,transport/{ucx,control},comm,measure/probes,launch,tools,other},workloads/a,test/wire}
  put include/buddy/comm.hpp '#pragma once' '#include <mpi.h>' '#include <buddy/error.hpp>'
  put src/tools/env.cpp 'f("BUDDY_A");'
  put src/instrument/a.hpp '#pragma once' '#include "base/b.hpp"'
  put src/wire/a.hpp '#pragma once' '#include "base/b.hpp"' '#include <vector>'
  put src/comm/a.cpp '#include <buddy/comm.hpp>' '#include "wire/a.hpp"'
  put src/transport/ucx/a.cpp '#include <ucp/api/ucp.h>' '#include "transport/ucx/b.hpp"'
  put src/measure/probes/a.cpp '#include "engine/b.hpp"'
  put docs/design.md '`src/base/`, `src/wire/a.*`'
  put dev 'build_packages=(g++' '  cmake)'
  put CMakeLists.txt 'project(' '  VERSION 1.2.3' ')'
  put CHANGELOG.md '# Changes' '## 1.2.3 (today)' '## 1.2.2'
  put README.md 'This is version 1.2.3.' '`g++ cmake`' '# Name' '```cpp' 'int x;' '```' '[a](docs/api.md#a-heading)'
  put examples/hello.cpp 'int x;'
  put docs/api.md '## A heading!' '[up](../README.md#name)' '```cpp' 'int x;' '```'
  put docs/formats/environment.md '`BUDDY_A`'
  put workloads/a/main.cpp '#include <buddy/buddy.hpp>' '#include "common/x.hpp"'
}

put() {  # put FILE LINE...
  local file=$work/tree/$1
  shift
  printf '%s\n' "$@" >"$file"
}

accepts() {  # accepts CHECK
  if ! bash "$here/$1.sh" "$work/tree" >"$work/out" 2>&1; then
    echo "$1 rejects a good tree:"
    cat "$work/out"
    failures=$((failures + 1))
  fi
}

rejects() {  # rejects CHECK FILE LINE...: the good tree plus one bad file
  local check=$1 file=$2
  shift 2
  fresh_tree
  put "$file" "$@"
  if bash "$here/$check.sh" "$work/tree" >"$work/out" 2>&1; then
    echo "$check accepts $file with: $*"
    failures=$((failures + 1))
  elif ! grep -qF "$file" "$work/out"; then
    echo "$check fails without naming $file:"
    cat "$work/out"
    failures=$((failures + 1))
  fi
}

fresh_tree
accepts layers
accepts house_rules
accepts readme
accepts includes

rejects layers src/base/up.cpp '#include "wire/a.hpp"'
rejects layers src/base/up.cpp '  #  include "wire/a.hpp"'
rejects layers src/base/up.cpp '#include "instrument/a.hpp"'
rejects layers src/instrument/up.cpp '#include "wire/a.hpp"'
rejects layers src/wire/instruments.cpp '#include "instrument/a.hpp"'
rejects layers src/transport/side.cpp '#include "engine/engine.hpp"'
rejects layers src/wire/angle.cpp '#include <transport/channel.hpp>'
rejects layers src/tools/mpi.cpp '#include <mpi.h>'
rejects layers src/tools/comm.cpp '#include "comm/state.hpp"'
rejects layers src/wire/api.cpp '#include <buddy/comm.hpp>'
rejects layers src/transport/control/ucx.cpp '#include <ucp/api/ucp.h>'
rejects layers src/transport/shm.cpp '#include <ucp/api/ucp.h>'
rejects layers src/comm/backend.cpp '#include "transport/ucx/ucx_transport.hpp"'
rejects layers src/measure/engine.cpp '#include "engine/engine.hpp"'
rejects layers src/launch/up.cpp '#include "tools/command/command.hpp"'
rejects layers src/launch/side.cpp '#include "engine/engine.hpp"'
rejects layers src/wire/bare.cpp '#include "a.hpp"'
rejects layers include/buddy/in.hpp '#include "base/b.hpp"'
rejects layers include/buddy/in.hpp '#include <wire/a.hpp>'
rejects layers workloads/a/in.cpp '#include "engine/engine.hpp"'
rejects layers src/other/a.cpp '#include <vector>'

word='TO''DO'
rejects house_rules src/base/a.cpp "// $word: later"
word='GTEST_''SKIP'
rejects house_rules test/wire/a_test.cpp "$word();"
path='/ho''me/someone/x'
rejects house_rules src/base/a.cpp "const char* path = \"$path\";"
rejects house_rules src/base/a.hpp 'int x;'
for word in '#if defined(__aarch64''__)' '#ifdef __AVX2_''_' '#ifdef __ARM_''NEON' '#include <immin''trin.h>' \
  '#include <arm_ne''on.h>' 'asm vola''tile("yield");' 'a''sm("nop");' '_mm_''stream_si64(a, b);'; do
  rejects house_rules src/arena/a.cpp "$word"
done
for word in 'constexpr std::size_t page_bytes = 40''96;' 'std::size_t page{65''536};' 'constexpr std::size_t guard_bytes = 40''96;' 'size & ~40''95' \
  'PAGE_''SIZE'; do
  rejects house_rules src/arena/a.cpp "$word"
done
fresh_tree
put src/base/processor.hpp '#pragma once' '#ifdef __aarch64''__'
put src/arena/a.cpp 'asm vola''tile("" : : "r"(value) : "memory");' 'std::array<char, 40''96> piece;'
accepts house_rules
mapfile -t many < <(yes '// line' | head -n 601)
rejects house_rules src/base/a.cpp "${many[@]}"

number='std::uint32_''t x;'
fresh_tree
put include/buddy/number.hpp '#pragma once' '#include <cstdint>'
put src/base/a.hpp '#pragma once' '#include <buddy/number.hpp>'
put src/base/a.cpp '#include "base/a.hpp"' "$number"
accepts includes
rejects includes src/base/a.cpp '#include <string>' "$number"
rejects includes src/base/a.cpp '#include <string>' 'throw std::runtime_''error("");'
rejects includes src/base/a.cpp '#include "base/none.hpp"' 'std::tuple_''size_v<int>'

rejects readme README.md 'This is version 1.2.3.' '`g++ cmake`' '# Name' '```cpp' 'int y;' '```'
rejects readme docs/api.md '```cpp' 'int y;' '```'
fresh_tree
put dev 'build_packages+=(git)'
if bash "$here/readme.sh" "$work/tree" >"$work/out" 2>&1 || ! grep -qF git "$work/out"; then
  echo "readme accepts a package that the README does not name"
  failures=$((failures + 1))
fi
rejects readme CHANGELOG.md '## 1.2.4' '## 1.2.3'
rejects readme README.md 'This is version 1.2.4.' '`g++ cmake`' '# Name' '```cpp' 'int x;' '```'
rejects readme docs/other.md '`find_''package(buddy 1.1 REQUIRED)`'
rejects readme docs/other.md '[nowhere](missing.md)'
rejects readme docs/other.md '`src/base/missing.hpp`'
rejects readme docs/other.md '`src/missing/*`'
rejects readme docs/other.md '```' 'int y;' '```'
rejects readme docs/other.md '```sh' 'buddy' '```cpp' 'int y;' '```'
rejects readme docs/other.md '```sh' 'buddy'
rejects readme docs/other.md '[no heading](api.md#other)'
rejects readme docs/formats/environment.md 'nothing'
# It is not the bad file that is named here, but what it names.
missing='docs/mis''sing.md'
fresh_tree
put src/base/a.cpp "// see $missing"
if bash "$here/readme.sh" "$work/tree" >"$work/out" 2>&1 || ! grep -qF "$missing" "$work/out"; then
  echo "readme accepts a source that refers to a page that is missing"
  failures=$((failures + 1))
fi

(( failures == 0 )) || exit 1
echo "the checkers accept a good tree and reject the bad ones"
