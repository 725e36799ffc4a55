#!/usr/bin/env bash
# docs/commands.md, other_commands.md and workload_commands.md show what the commands print: every block that
# begins with "$ COMMAND --help" or "$ ./dev help".
# usage: help.sh ROOT BIN_DIR
set -euo pipefail
root=$1
pages=("$root"/docs/{,other_,workload_}commands.md)
bin=$2
work=$(mktemp -d "${TMPDIR:-/tmp}/buddy-help.XXXXXX")
trap 'rm -rf "$work"' EXIT
failures=0
shown=0

awk -v folder="$work" '
  /^```/ { inside = !inside; file = ""; next }
  inside && /^\$ (.*--help|\.\/dev help)$/ { file = folder "/" ++count; print substr($0, 3) >(file ".command"); next }
  inside && file != "" { print >(file ".shown") }' "${pages[@]}"

for command_file in "$work"/*.command; do
  read -ra command <"$command_file"
  shown=$((shown + 1))
  program=$bin/${command[0]}
  [[ ${command[0]} != ./dev ]] || program=$root/dev
  # Blank lines are left out: help texts end with different numbers of them.
  if ! diff <(grep -v '^$' "${command_file%.command}.shown") \
    <("$program" "${command[@]:1}" </dev/null | grep -v '^$'); then
    echo "^ ${command[*]}: the page (left) shows something else than the command prints (right)"
    failures=$((failures + 1))
  fi
done

# No command is left out.
while IFS= read -r name; do
  grep -qhx "\$ buddy $name --help" "${pages[@]:0:2}" || {
    echo "docs/commands.md and other_commands.md do not show: buddy $name --help"
    failures=$((failures + 1))
  }
done < <("$bin/buddy" --help | awk '/^Subcommands:/ { on = 1; next } on && /^$/ { exit } on { print $1 }')

(( failures == 0 && shown > 0 )) || exit 1
echo "the pages show what $shown commands print"
