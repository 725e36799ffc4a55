# Jobs in host placement whose parts are killed at random moments: each ends within seconds, with a
# message and an exit code, and leaves no process and nothing in /dev/shm.
# timeout: 600
set -uo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/kills.sh"

moments host rank KILL 7
moments host:2:ucx rank KILL 3
moments host launcher KILL 10
moments host command KILL 7
moments host:2:ucx command KILL 3
# Without `buddy run`: what a rank has in /dev/shm has no names any more.
moments plain rank KILL 4
moments host rank KILL 1 64
# Ranks that forward what others send.
BUDDY_ROUTING=grid moments host rank KILL 4 9
BUDDY_ROUTING=node moments host:3:ucx rank KILL 3 7

exit $((failures != 0))
