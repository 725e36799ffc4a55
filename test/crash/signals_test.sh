# Ctrl-C and termination of `buddy run` at random moments: exit codes 130 and 143, nothing left.
# timeout: 400
set -uo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/kills.sh"

moments host command INT 5
moments engine:2:shm command INT 5
moments engine:2:ucx command INT 3
moments host command TERM 4
moments engine:2:ucx command TERM 4

exit $((failures != 0))
