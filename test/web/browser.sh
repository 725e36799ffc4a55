#!/usr/bin/env bash
# Opens pages of every schema in headless Chromium (browser.mjs), and sees to it that nothing of
# the browser is left, however that ends: neither a process nor a file.
# usage: browser.sh NODE FOLDER_OF_NODE_MODULES WRITE_PAGE BUDDY
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
node=$1
modules=$2
write_page=$3
buddy=$4

chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [[ -z $chromium ]]; then
  echo "chromium is not installed (pages are tested in a real browser) run: apt-get install chromium"
  exit 1
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/buddy-pages.XXXXXX")
# Every process of this browser has the folder in its command line or its environment.
mine() {
  local entry
  for entry in /proc/[0-9]*; do
    [[ ${entry#/proc/} != "$$" && ${entry#/proc/} != "$BASHPID" ]] || continue
    if grep -qzxF "BUDDY_BROWSER_FOLDER=$work" "$entry/environ" 2>/dev/null; then
      echo "${entry#/proc/}"
    fi
  done
}
clean_up() {
  local pids tries
  mapfile -t pids < <(mine)
  (( ${#pids[@]} == 0 )) || kill -KILL "${pids[@]}" 2>/dev/null || true
  for tries in 1 2 3 4 5; do  # a process that was killed may still be writing
    rm -rf "$work" 2>/dev/null && break
    sleep 0.2
  done
}
trap clean_up EXIT
trap 'exit 143' TERM INT HUP

# Profile, caches, crash reports and sockets of the browser go into the folder.
mkdir "$work/home" "$work/tmp"
status=0
# It gives up before ctest does, which would leave no time to clean up.
env BUDDY_BROWSER_FOLDER="$work" HOME="$work/home" TMPDIR="$work/tmp" XDG_CONFIG_HOME="$work/home" \
  XDG_CACHE_HOME="$work/home" timeout 840 "$node" "$here/browser.mjs" "$modules" "$chromium" "$write_page" \
  "$buddy" "$work" & # in the background, so that a signal is acted on at once
wait $! || status=$?

mapfile -t left < <(mine)
if (( ${#left[@]} > 0 )); then
  echo "the browser left processes behind: ${left[*]}"
  status=1
fi
exit "$status"
