// The processes of a job, found by the mark that all of them carry in their environment.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace buddy::launch {

/// Name of the environment variable that marks them; its value is the job's directory.
inline constexpr const char* job_dir_variable = "BUDDY_JOB_DIR";

/// Processes of this user that were started for the job, whoever their parent is now.
std::vector<pid_t> processes_of_job(const std::string& job_dir);

/// Waits up to \p grace_ms for them to end by themselves, then kills what is left.
/// Reaps those that are children of this process.
/// \param spared not killed nor waited for; -1: nobody
void end_processes_of_job(const std::string& job_dir, int grace_ms, pid_t spared = -1);

}  // namespace buddy::launch
