// A thread of an engine process: steps the agents given to it.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "arena/yielder.hpp"
#include "base/status.hpp"
#include "base/unique_fd.hpp"
#include "engine/engine_instance.hpp"
#include "engine/runner.hpp"
#include "engine/slow_core.hpp"

namespace buddy::engine {

/// Share-nothing: an agent belongs to one worker, and only its thread touches the agent's engine.
/// The control thread speaks to it through a mailbox.
/// Threads: public functions from the control thread.
class Worker {
 public:
  struct Core {
    std::vector<int> cpus{};  ///< to run on; empty: any
    double slowdown = 1;      ///< see SlowCore
  };
  /// \param on_removed called by the worker's thread when there is something in removed()
  Worker(Core core, std::function<void()> on_removed);
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Starts to step a connected agent. \param has_core nobody else needs this worker's core
  void add(EngineInstance* agent, bool has_core);
  /// Says goodbye to the agent's peers, and stops stepping it when they have taken it; removed()
  /// tells when. The other agents are stepped meanwhile.
  void remove(EngineInstance* agent);
  /// Agents that are not stepped any more, since the last call: the control thread's again.
  std::vector<EngineInstance*> removed();
  /// A neighbour of the agent has died.
  void fail(EngineInstance* agent, Status reason);
  /// The process of a peer has ended: an error unless it said goodbye.
  void peer_died(EngineInstance* agent, AgentId peer, Status reason);

 private:
  struct Entry {
    EngineInstance* agent;
    bool has_core;
    std::uint64_t close_by_ns = 0;  ///< 0: not leaving
  };
  void run(const Core& core);
  std::uint32_t step(SlowCore& core) noexcept;
  void post(std::function<void()> task);
  void run_tasks();
  void begin_closing(EngineInstance* agent);
  void take_out_closed();
  void watch_agents();

  std::atomic<bool> stop_{false};
  std::atomic<bool> has_tasks_{false};
  std::mutex mutex_;
  std::vector<std::function<void()>> tasks_;
  std::vector<EngineInstance*> removed_;  ///< under the mutex
  std::function<void()> on_removed_;
  UniqueFd wake_;
  std::vector<Entry> agents_;  ///< worker thread only
  std::size_t closing_ = 0;    ///< of these
  Runner runner_;
  arena::Yielder yielder_;
  std::thread thread_;
};

}  // namespace buddy::engine
