# shellcheck shell=bash disable=SC2034
# Read by prolog.sh and epilog.sh, which lie beside it: what they are told, and where things of a job
# are. Nothing here is for a job itself.
# /etc/buddy/slurm.conf, on nodes that have an engine:
#   ENGINE=ADDRESS[:PORT]        where this node's engine listens, seen from this node; [ADDRESS] for IPv6
#   KEY=/etc/buddy/key           the engine's key (default), which root alone reads
#   SECONDS_TO_ANSWER=10         how long it may take until it does (default)
#   START="systemctl start buddy-engine"   run before a job, if the engine does not run all the time
#   STOP="systemctl stop buddy-engine"     run after it
# BUDDY_SLURM_CONF and BUDDY_SLURM_FOLDER name other places than /etc/buddy/slurm.conf and /run/buddy.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin # Slurm sets none
settings=${BUDDY_SLURM_CONF:-/etc/buddy/slurm.conf}
[[ -e $settings ]] || exit 0 # a node without an engine

complain() {
  echo "buddy: $*" >&2
  logger -t buddy -- "$*" 2>/dev/null || true
  exit 1
}

ENGINE=
KEY=/etc/buddy/key
SECONDS_TO_ANSWER=10
START=
STOP=
# shellcheck source=/dev/null
. "$settings" || complain "cannot read $settings (see above) mend it"

[[ ${SLURM_JOB_ID:-} =~ ^[0-9]+$ ]] ||
  complain "no job (SLURM_JOB_ID is '${SLURM_JOB_ID:-}') this is for Slurm's Prolog and Epilog"
[[ $ENGINE =~ ^(\[[0-9a-fA-F:.]+\]|[^]:[]+)(:[0-9]+)?$ ]] ||
  complain "no engine (ENGINE is '$ENGINE' in $settings) write ENGINE=ADDRESS or ENGINE=ADDRESS:PORT"
host=${BASH_REMATCH[1]}
host=${host#\[}
host=${host%\]}
port=${BASH_REMATCH[2]#:}
port=${port:-7117}
folder=${BUDDY_SLURM_FOLDER:-/run/buddy}/job-$SLURM_JOB_ID
