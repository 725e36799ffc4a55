#!/usr/bin/env bash
# The unit of the service: systemd takes it, it is well locked up, and it and the page of deploying name
# options that `buddy engine` has.
set -euo pipefail
root=$BUDDY_SOURCE_DIR
template=$root/packaging/systemd/buddy-engine.service.in
work=$(mktemp -d "${TMPDIR:-/tmp}/buddy-unit.XXXXXX")
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*"; exit 1; }

verify() { systemd-analyze verify --man=no "$1" 2>&1; }

unit=$work/buddy-engine.service
sed "s|@bin@|$BUDDY_BIN_DIR|" "$template" >"$unit"
said=$(verify "$unit") || fail "systemd does not take the unit: $said"
[[ -z $said ]] || fail "systemd has something to say about the unit: $said"
sed 's|^\[Service\]|&\nProtectAll=yes|' "$unit" >"$work/other.service"
[[ $(verify "$work/other.service") == *ProtectAll* ]] || fail "a wrong word in a unit is not noticed"

# Exposure in tenths, as systemd counts it: 2.0 is what the unit has, 9.6 a service without any lock.
systemd-analyze security --offline=true --no-pager --threshold=25 "$unit" >"$work/exposure" ||
  fail "the service could do more than before: $(tail -n 1 "$work/exposure")"

help=$("$BUDDY_BIN_DIR/buddy" engine --help)
mapfile -t options < <({ grep -E '^ExecStart=' "$unit"
  sed -n '/^## The service/,/^### Firewall/p' "$root/docs/deploy.md"; } | grep -oE -e '--[a-z][a-z-]*' |
  grep -vxE -e '--(watch|now|dram)' | sort -u)
(( ${#options[@]} >= 5 )) || fail "only ${options[*]}: where are the others?"
for option in "${options[@]}"; do
  grep -qE "^  $option( |$)" <<<"$help" || fail "buddy engine has no $option"
done
echo "the unit is fine, and so are ${options[*]}"
