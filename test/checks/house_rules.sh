#!/usr/bin/env bash
# House rules that a script can check. Prints every line that breaks one.
# usage: house_rules.sh ROOT
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$1"
max_lines=600
failures=0

mapfile -t files < <(bash "$here/list_files.sh" . | grep -vE '^(fuzz/corpus|test/data)/')
(( ${#files[@]} > 0 )) || { echo "no files found"; exit 1; }

# Patterns are put together from pieces, so that this file does not break its own rules.
unfinished='\b(TO''DO|FIX''ME|X''XX|HA''CK)\b'
skipped='\b(GTEST_''SKIP|DISABLED''_)'
# What depends on the processor is in one file, and no page has a size that a source knows.
architecture='\b(__(x86_64|amd64|i386|aarch64|arm)''__\b|__(SSE|AVX|ARM)[0-9]*_''|([a-z]mm|x86)in''trin|arm_ne''on|_mm(256|512)?''_[a-z]+_|__builtin_(ia32|aarch64|arm)''_|(asm|__asm__)( vol''atile| __volatile__)? ?\(\s*"[a-z])'
page_size='\b(page|guard)\w*\s*[={(]+\s*(4096|65536|0x1000|4\s*<<\s*10|4_KiB)|&\s*~?\s*(4095|0xfff)\b|\bPAGE_''(SIZE|SHIFT|MASK)\b'
somebodys_home='(^|[^A-Za-z0-9_.$}-])/(ho''me|Us''ers|ro''ot)/[A-Za-z0-9_.]'

forbid() {  # forbid WHY PATTERN FILE...
  local why=$1 pattern=$2
  shift 2
  (( $# > 0 )) || return 0
  if grep -nIHP -e "$pattern" -- "$@"; then
    echo "^ $why"
    failures=$((failures + 1))
  fi
}

forbid "finish it or leave it out" "$unfinished" "${files[@]}"

tests=()
sources=()
outside_docs=()
for file in "${files[@]}"; do
  case $file in test/*.cpp | test/*.hpp) tests+=("$file") ;; esac
  case $file in
    src/base/processor.hpp) ;;
    *.cpp | *.hpp) sources+=("$file") ;;
  esac
  case $file in docs/* | *.md) ;; *) outside_docs+=("$file") ;; esac
done
forbid "a test runs or is not there" "$skipped" "${tests[@]}"
forbid "what depends on the processor belongs to src/base/processor.hpp" "$architecture" "${sources[@]}"
forbid "pages are of 4 KiB here and of 64 KiB there: ask sysconf" "$page_size" "${sources[@]}"
forbid "a path of one machine" "$somebodys_home" "${outside_docs[@]}"

for file in "${files[@]}"; do
  case $file in
    *.hpp | *.cpp | *.sh | *.cmake | *.txt | *.md | *.in | *.js | *.mjs | *.css | *.html | dev)
      lines=$(wc -l <"$file")
      if (( lines > max_lines )); then
        echo "$file: $lines lines (more than $max_lines) split it by subject"
        failures=$((failures + 1))
      fi
      ;;
  esac
  case $file in
    *.hpp)
      if ! grep -q '^#pragma once' "$file"; then
        echo "$file: no #pragma once (it could be read twice) add it after the first comment"
        failures=$((failures + 1))
      fi
      ;;
  esac
done

(( failures == 0 )) || exit 1
echo "${#files[@]} files follow the house rules"
