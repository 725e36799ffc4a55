#!/usr/bin/env bash
# Slurm's Epilog on a node whose messages an engine routes: takes the key away from the job's user, and
# stops the engine if it is told how. settings.sh says what can be set.
set -euo pipefail
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
# shellcheck source=packaging/slurm/settings.sh
. "$here/settings.sh"

rm -rf "$folder" || complain "cannot remove $folder (see above) its key is still there"
[[ -z $STOP ]] || bash -c "$STOP" || complain "cannot stop the engine ($STOP failed) see its log"
