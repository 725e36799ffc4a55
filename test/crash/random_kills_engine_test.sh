# The same with engine processes, which are killed, too.
# timeout: 600
set -uo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/kills.sh"

moments engine rank KILL 6
moments engine:2:ucx rank KILL 4
moments engine engine KILL 8
moments engine:2:shm engine KILL 6
moments engine:2:ucx engine KILL 6
moments engine launcher KILL 10
moments engine:2:shm command KILL 6
moments engine:2:ucx command KILL 4
moments engine:4:shm rank KILL 1 64
moments engine:4:shm engine KILL 1 64

exit $((failures != 0))
