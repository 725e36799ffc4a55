// The ranks of this machine whose engines share rings with one's own: whether they live.
#pragma once

#include <poll.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "arena/life_watch.hpp"
#include "base/ids.hpp"
#include "base/status.hpp"
#include "base/unique_fd.hpp"
#include "comm/bootstrap/bootstrap.hpp"

namespace buddy::comm {

/// Watches processes by pidfds, which end a sleep at once. Where there is none (kernels before 5.3,
/// filters on system calls, the limit on open files, another PID namespace) by the lock that the
/// process holds on its rings, which is looked at only.
/// Threads: the rank's.
class Neighbours {
 public:
  struct Ended {
    AgentId agent;
    Status reason;
  };

  /// \param arena_path of the rank's rings, which still have their name
  Status add(AgentId agent, const RankInfo& info, const std::string& arena_path);
  /// To sleep on.
  std::vector<int> descriptors() const;
  /// Those that have ended since the last call. Cost: a system call, and one for each rank that is
  /// watched by its lock.
  std::vector<Ended> look();

 private:
  struct Watched {
    AgentId agent;
    std::uint32_t rank;
    std::string host;
    std::int32_t pid;
    UniqueFd process;
    std::optional<arena::LifeWatch> lock;  ///< only without a process
  };
  std::vector<Watched> watched_;
  std::vector<pollfd> polled_;  ///< one per watched; -1 where there is no pidfd
};

}  // namespace buddy::comm
