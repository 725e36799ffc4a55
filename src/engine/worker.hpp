// A thread of an engine process: steps the agents given to it.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "arena/idle.hpp"
#include "base/status.hpp"
#include "base/unique_fd.hpp"
#include "engine/agent.hpp"

namespace buddy::engine {

/// Share-nothing: an agent belongs to one worker, and only its thread touches the agent's engine.
/// The control thread speaks to it through a mailbox.
/// Threads: public functions from the control thread.
class Worker {
 public:
  /// \param cpu to run on, or -1
  explicit Worker(int cpu);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Starts to step a connected agent. \param has_core nobody else needs this worker's core
  void add(Agent* agent, bool has_core);
  /// Says goodbye to the agent's peers and stops stepping it; returns when that is done.
  void remove(Agent* agent);
  /// A neighbour of the agent has died.
  void fail(Agent* agent, Status reason);

 private:
  struct Entry {
    Agent* agent;
    bool has_core;
  };
  void run(int cpu);
  void post(std::function<void()> task);
  void run_tasks();
  void watch_agents();
  void account_cpu(bool now) noexcept;

  std::atomic<bool> stop_{false};
  std::atomic<bool> has_tasks_{false};
  std::mutex mutex_;
  std::vector<std::function<void()>> tasks_;
  UniqueFd wake_;
  std::vector<Entry> agents_;  ///< worker thread only
  arena::Idle idle_;
  std::uint64_t cpu_counted_ns_ = 0;
  std::uint64_t spin_counted_ns_ = 0;
  std::uint64_t cpu_looked_ns_ = 0;
  std::thread thread_;
};

}  // namespace buddy::engine
