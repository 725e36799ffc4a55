#!/usr/bin/env bash
# Prints the CPUs for `./dev demo`: one for the ranks and one for the engines, of those that this
# process may use, on different cores if there are any; a single one if there is no other.
set -euo pipefail

# "0-2,5" is 0 1 2 5.
allowed=$(awk '/^Cpus_allowed_list:/ { gsub(",", " ", $2); print $2 }' /proc/self/status)
cpus=()
for part in $allowed; do
  for (( cpu = ${part%-*}; cpu <= ${part#*-}; ++cpu )); do cpus+=("$cpu"); done
done

siblings_of() { cat "/sys/devices/system/cpu/cpu$1/topology/thread_siblings_list" 2>/dev/null || echo "$1"; }

second=${cpus[1]:-}
for cpu in "${cpus[@]:1}"; do
  if [[ $(siblings_of "$cpu") != "$(siblings_of "${cpus[0]}")" ]]; then
    second=$cpu
    break
  fi
done
echo "${cpus[0]}${second:+ $second}"
