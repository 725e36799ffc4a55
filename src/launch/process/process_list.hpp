// The processes of the machine.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace buddy::launch {

/// Numbers of all processes, in no order.
std::vector<pid_t> all_processes();

/// "/proc/PID/NAME"
std::string proc_path(pid_t pid, const char* name);
/// All that is in it; empty once the process has ended, also if it ends between opening and
/// reading.
std::string read_proc(pid_t pid, const char* name);

/// The number by which a process knows itself: in a container it differs from the one that is seen
/// from outside. \return 0 if the process has ended
pid_t own_number(pid_t pid);

}  // namespace buddy::launch
