#!/usr/bin/env bash
# Lists the project's files, committed or new, without what git ignores; relative to ROOT.
# usage: list_files.sh ROOT
set -euo pipefail
cd "$1"
if [[ -e .git ]] && command -v git >/dev/null; then
  # safe.directory: the tree may belong to another user, as in containers.
  git -c safe.directory='*' ls-files --cached --others --exclude-standard -z |
    while IFS= read -r -d '' file; do [[ ! -f $file ]] || printf '%s\n' "$file"; done
else
  find . \( -name .git -o -name build \) -prune -o -type f -print | sed 's|^\./||'
fi
