// What watches one rank of a job that runs on several machines.
#pragma once

#include <string>
#include <vector>

namespace buddy::launch {

/// Like exec_rank(), for a rank whose command is perhaps on another machine: it reports over the
/// network, and is told when to end. The first rank of a machine makes the job's directory there,
/// starts the engines, and ends and removes all that at the end; the others wait for it. If the
/// command or its machine vanishes, everything of the job on this machine is ended.
int exec_rank_on_host(const std::vector<std::string>& program);

}  // namespace buddy::launch
