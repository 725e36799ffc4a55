#include "comm/session/neighbours.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <utility>

namespace buddy::comm {
namespace {

/// \return nothing where the process cannot be watched this way
UniqueFd open_process(const RankInfo& info) {
  // The number means another process in another namespace.
  if (info.pid_namespace != pid_namespace()) return {};
  return UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, info.pid, 0)));
}

}  // namespace

Status Neighbours::add(AgentId agent, const RankInfo& info, const std::string& arena_path) {
  Watched watched{agent, info.rank, info.host, info.pid, open_process(info), std::nullopt};
  if (!watched.process) {
    auto lock = arena::LifeWatch::open(arena_path);
    if (!lock.ok()) return lock.status();
    watched.lock = std::move(lock.value());
  }
  polled_.push_back({watched.process.get(), POLLIN, 0});
  watched_.push_back(std::move(watched));
  return {};
}

std::vector<int> Neighbours::descriptors() const {
  std::vector<int> fds;
  for (const Watched& each : watched_) {
    if (each.process) fds.push_back(each.process.get());
  }
  return fds;
}

std::vector<Neighbours::Ended> Neighbours::look() {
  std::vector<Ended> ended;
  if (::poll(polled_.data(), polled_.size(), 0) < 0) {
    for (pollfd& each : polled_) each.revents = 0;
  }
  for (std::size_t i = watched_.size(); i-- > 0;) {
    const Watched& each = watched_[i];
    const bool gone = each.lock ? each.lock->ended() : polled_[i].revents != 0;
    if (!gone) continue;
    ended.push_back(
        {each.agent,
         {ErrorCode::peer_died, "rank " + std::to_string(each.rank) + " on " + each.host +
                                    " has ended (process " + std::to_string(each.pid) +
                                    " is gone) look at its output"}});
    watched_.erase(watched_.begin() + static_cast<std::ptrdiff_t>(i));
    polled_.erase(polled_.begin() + static_cast<std::ptrdiff_t>(i));
  }
  return ended;
}

}  // namespace buddy::comm
