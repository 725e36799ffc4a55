// Groups of processes that counters of the hardware keep apart.
#pragma once

#include "base/status.hpp"
#include "base/task_files.hpp"
#include "launch/process/process.hpp"

namespace buddy::launch {

enum class Side { host, engine };

/// Variables that tell the processes of a job which group to join; none if there are no groups.
Environment task_group_environment(const TaskFiles& groups);

/// Adds this process, and with it the processes that it starts from now on, to the group of its
/// side. Without such a variable there is nothing to do. Errors: system.
Status join_task_group(Side side);

}  // namespace buddy::launch
