#!/usr/bin/env bash
# All C++ files, committed or new, are formatted the way clang-format 14 formats them.
# usage: format.sh ROOT
set -euo pipefail
cd "$1"
tool=$(command -v clang-format-14 || true)
if [[ -z $tool ]]; then
  echo "clang-format-14 is missing (other versions format differently) run: ./dev format"
  exit 1
fi
mapfile -t files < <(bash test/checks/list_files.sh . | grep -E '\.(hpp|cpp)$')
(( ${#files[@]} > 0 )) || { echo "no C++ files found"; exit 1; }
if ! "$tool" --dry-run -Werror --ferror-limit=1 "${files[@]}"; then
  echo "some files are not formatted (first place of each above) run: ./dev format"
  exit 1
fi
echo "${#files[@]} files are formatted"
