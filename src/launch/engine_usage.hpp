// What engines cost.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

namespace buddy::launch {

/// What an engine process used in its life, as the kernel counted it.
struct EngineUsage {
  int node = 0;  ///< of the job
  pid_t pid = 0;
  double user_seconds = 0;
  double system_seconds = 0;
  std::uint64_t peak_memory_bytes = 0;
  /// Time in which its threads were ready to run but others had their CPUs, until the ranks had
  /// ended; nothing if the kernel does not tell.
  std::optional<double> run_delay_seconds{};
};

}  // namespace buddy::launch
