// Where a process says on which side of a job its memory traffic counts.
#pragma once

#include <string>

namespace buddy {

/// Files into which a process writes its number to be counted as one side or the other; empty where
/// processes cannot be told apart.
struct TaskFiles {
  std::string host{};
  std::string engine{};
};

}  // namespace buddy
