# Machines out of namespaces, for the scripts next to this one, which source it first. Each machine
# has an own host name, address, /dev/shm, /tmp, processes and System V memory, and a first process
# that reaps orphans; a bridge joins them. A script that sources this file starts anew in namespaces
# that hold the machines: with its first process everything is gone, however it ends.
#
#   machine NAME [DELAY_MS LOSS_PER_MILLE RATE_MBIT]
#                        makes one and starts it; addresses are 10.77.0.1, 10.77.0.2, ...; its cable
#                        may delay packets and lose some, each way
#   on NAME COMMAND...   runs a command there, with the script's environment
#   cable NAME up|down   plugs its cable in or out, at the bridge
#   packets NAME         how many packets went over its cable, both ways
#   processes NAME       what runs there, one line each: number, command line
#   clean NAME           says what is left there: processes, files in /dev/shm and /tmp; fails then
#
# Launchers reach the other machines by agent.sh, which stands for ssh. Paths in /mnt/machines are
# the same on all of them.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
namespaces=(unshare --net --uts --ipc --mount --pid --fork --kill-child --mount-proc)

if [[ ${BUDDY_MACHINES_INSIDE:-} != 1 || $$ != 1 ]]; then
  for tool in ip unshare nsenter; do
    command -v "$tool" >/dev/null || { echo "SKIPPED: there is no $tool (Debian: iproute2 util-linux)"; exit 0; }
  done
  if ! "${namespaces[@]}" ip link add type veth 2>/dev/null; then
    echo "SKIPPED: no namespaces with networks of their own can be made here (it needs root, or CAP_SYS_ADMIN and CAP_NET_ADMIN)"
    exit 0
  fi
  # The first process dies with this one, and everything with it.
  BUDDY_MACHINES_INSIDE=1 setpriv --pdeathsig KILL "${namespaces[@]}" bash "$0" "$@" &
  inside=$!
  trap 'kill -KILL "$inside"; exit 143' HUP INT TERM
  wait "$inside"
  exit
fi

unset BUDDY_MACHINES_INSIDE
machines=/mnt/machines
declare -A first_process=()

# --- What all machines share: a folder that is gone with the namespace, and the bridge.
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
mount -t tmpfs -o mode=755 tmpfs /mnt
mkdir -p "$machines/calls" "$machines/root"
mkfifo "$machines/requests"
echo "127.0.0.1 localhost" >"$machines/hosts"
mount --bind "$machines/hosts" /etc/hosts
ip link set lo up
ip link add bridge type bridge
ip link set bridge up
# A checkout below /tmp stays visible where machines have a /tmp of their own.
if [[ $BUDDY_BIN_DIR == /tmp/* ]]; then
  mkdir "$machines/build" && mount --bind "${BUDDY_BIN_DIR%/bin}" "$machines/build"
fi

# machine_main NAME: the first process of a machine.
machine_main() {
  hostname "$1"
  mount -t tmpfs -o mode=1777 tmpfs /dev/shm
  mount -t tmpfs -o mode=1777 tmpfs /tmp
  if [[ -d $machines/build ]]; then
    mkdir -p "${BUDDY_BIN_DIR%/bin}" && mount --bind "$machines/build" "${BUDDY_BIN_DIR%/bin}"
  fi
  ip link set lo up
  echo up >"$machines/$1.up"
  # bash reaps whatever becomes its child.
  exec 3<>"$machines/$1.sleep"
  while :; do read -r -u 3 _; done
}
export -f machine_main
export machines

machine() {
  local name=$1 number=$((${#first_process[@]} + 1)) starter
  mkfifo "$machines/$name.sleep" "$machines/$name.up"
  echo "10.77.0.$number $name" >>"$machines/hosts"
  "${namespaces[@]}" bash -c 'machine_main "$0"' "$name" </dev/null &
  starter=$!
  read -r _ <"$machines/$name.up"
  first_process[$name]=$(<"/proc/$starter/task/$starter/children")
  first_process[$name]=${first_process[$name]%% *}
  if (( $# == 1 )); then
    ip link add "$name" type veth peer name eth0 netns "${first_process[$name]}"
  else
    mkfifo "$machines/$name.wire"
    "$BUDDY_BIN_DIR/test/slow_wire" "$name" "$name-in" "${@:2}" >"$machines/$name.wire" &
    read -r _ <"$machines/$name.wire"
    ip link set "$name-in" netns "${first_process[$name]}" name eth0
  fi
  ip link set "$name" master bridge up
  on "$name" ip address add "10.77.0.$number/24" dev eth0
  on "$name" ip link set eth0 up
  echo "${first_process[$name]}" >"$machines/$name.pid"
}

on() {
  nsenter --target "${first_process[$1]}" --all -- "${@:2}"
}

cable() { ip link set "$1" "$2"; }

packets() {
  local line
  line=$(grep "^ *$1:" /proc/net/dev)
  read -ra line <<<"${line#*:}"
  echo $((line[1] + line[9]))
}

processes() {
  # The first process and the shell that looks are not what somebody left.
  on "$1" bash -c 'for folder in /proc/[0-9]*; do
      pid=${folder#/proc/}
      (( pid == 1 || pid == $$ )) && continue
      command=$(tr "\0" " " 2>/dev/null <"$folder/cmdline") && [[ -n $command ]] && echo "$pid $command"
    done
    exit 0'
}

clean() {
  local left try
  for ((try = 0; try < 400; try++)); do
    left=$(processes "$1"; on "$1" find /dev/shm /tmp -mindepth 1 | grep -vF "${BUDDY_BIN_DIR%/bin}")
    [[ -z $left ]] && return 0
    sleep 0.05
  done
  echo "left on $1:"
  sed 's/^/  | /' <<<"$left"
  return 1
}

# --- Calls from machine to machine, as agent.sh makes them: each is a folder with the command and
# pipes for what it prints and how it ends.
answer_calls() {
  local host call
  while read -r host call; do
    (
      nsenter --target "$(<"$machines/$host.pid")" --all -- \
        env -i PATH="$PATH" HOME=/root bash -c "$(<"$call/command")" \
        </dev/null >"$call/out" 2>"$call/err"
      echo $? >"$call/status"
    ) &
  done <>"$machines/requests"
}
answer_calls &

# --- What the scripts check.
failures=0
scratch=$machines/scratch
mkdir "$scratch"

ok() { echo "ok: $*"; }

failed() {  # failed WHAT: with the output in $scratch/out
  echo "FAILED: $1"
  [[ ! -s $scratch/out ]] || sed 's/^/  | /' "$scratch/out"
  failures=$((failures + 1))
}

# ends CODE PATTERN WHAT COMMAND...: runs it; its exit code and what it prints are to be these.
ends() {
  local code=$1 pattern=$2 what=$3 result
  shift 3
  "$@" >"$scratch/out" 2>&1
  result=$?
  if [[ $result != "$code" ]] || ! grep -qE -- "$pattern" "$scratch/out"; then
    failed "$what: exit code $result, expected $code and '$pattern'"
  else
    ok "$what"
  fi
}

# all_clean WHAT NAME...: nothing is left on these machines.
all_clean() {
  local what=$1 name
  shift
  for name; do
    clean "$name" >"$scratch/out" || { failed "$what"; return; }
  done
  ok "$what"
}

# await LIMIT_S COMMAND...: until the command succeeds.
await() {
  local end=$((SECONDS + $1))
  shift
  while (( SECONDS <= end )); do
    "$@" >/dev/null 2>&1 && return 0
    sleep 0.05
  done
  return 1
}

# find_process NAME PATTERN: the number, on the machine itself, of one that matches.
find_process() {
  local found
  found=$(processes "$1" | sort -n | grep -E -- "$2") || return 1
  echo "${found%% *}"
}

# strike NAME PATTERN SIGNAL: sends it to one of its processes.
strike() {
  local pid
  pid=$(find_process "$1" "$2") && on "$1" bash -c 'kill -"$1" "$0"' "$pid" "$3"
}

finish() {
  (( failures == 0 )) && echo "all as expected"
  exit $((failures != 0))
}

export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export OMPI_MCA_plm_rsh_agent=$here/agent.sh HYDRA_LAUNCHER_EXEC=$here/agent.sh
unset OMPI_MCA_orte_tmpdir_base  # a folder of this machine alone
