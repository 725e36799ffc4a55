#include "launch/process/task_group.hpp"

#include <unistd.h>

#include <cstdlib>
#include <string>

#include "base/small_files.hpp"

namespace buddy::launch {
namespace {

constexpr const char* host_variable = "BUDDY_HOST_TASKS";
constexpr const char* engine_variable = "BUDDY_ENGINE_TASKS";

}  // namespace

Environment task_group_environment(const TaskFiles& groups) {
  Environment environment;
  if (!groups.host.empty()) environment.emplace_back(host_variable, groups.host);
  if (!groups.engine.empty()) environment.emplace_back(engine_variable, groups.engine);
  return environment;
}

Status join_task_group(Side side) {
  const char* file = std::getenv(side == Side::host ? host_variable : engine_variable);
  if (file == nullptr) return {};
  return write_small_file(file, std::to_string(getpid()));
}

}  // namespace buddy::launch
