// The two ways a rank comes by an engine.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "arena/rank_slot.hpp"
#include "arena/sizes.hpp"
#include "base/counters.hpp"
#include "base/status.hpp"
#include "comm/bootstrap/bootstrap.hpp"
#include "comm/endpoint/engine_channel.hpp"
#include "transport/agent_address.hpp"
#include "transport/control/control_socket.hpp"

namespace buddy::comm {

/// An engine channel while a communicator is made and given up. Steps in this order, each agreed on
/// by all ranks before the next: make, connect, unlink names, use, leave. Threads: the rank's.
class EngineConnection : public EngineChannel {
 public:
  /// Address of the agent that serves this rank.
  virtual transport::AgentAddress address() const = 0;
  /// Joins the agents. \param addresses of all neighbours of this rank's agent at least
  /// \param is_representative this rank speaks for its agent
  virtual Status connect(const transport::AgentAddresses& addresses, bool is_representative) = 0;
  /// All ranks are connected: names in /dev/shm can go.
  virtual void unlink_names(bool is_representative) = 0;
  /// Nothing follows from this rank. Step it until has_left().
  virtual void leave() = 0;
  /// Instead of leave(), when the others must not wait for this rank.
  /// \param why their error, unless they have one. \param engine_knows it has said so itself
  virtual void abort(const Status& why, bool engine_knows) noexcept = 0;
  /// Whether the others have taken this rank's last word.
  virtual bool has_left() = 0;

  /// How long rest() may sleep; arrivals end it sooner.
  virtual void sleep_at_most(int ms) = 0;

  virtual const CounterTable& counters() const = 0;
  /// Of this rank's own sleeps: those that Counter::late_wakeups does not count already.
  virtual std::uint64_t late_wakeups() const noexcept { return 0; }
  /// Where this rank says what it does.
  virtual arena::RankSlot& slot() = 0;
  /// Non-zero while the engine waits for work.
  virtual const std::atomic<std::uint32_t>& idle_word() const = 0;
};

/// Host placement: the engine is part of this process. \p job must outlive it.
Result<std::unique_ptr<EngineConnection>> make_embedded_engine(const Settings& settings,
                                                               const Job& job, std::uint32_t rank);

/// Engine placement, first step: says hello to the engine of this rank's node, and fills in what it
/// says about itself. Errors: no_engine, mismatch.
Result<transport::ControlSocket> greet_engine(const Settings& settings, RankInfo& info);

/// Engine placement, second step: joins. The rank that speaks for its agent tells the engine the
/// map with it, so that the others join only when it has. Errors: those of the engine.
Result<std::unique_ptr<EngineConnection>> make_attached_engine(transport::ControlSocket socket,
                                                               const Settings& settings,
                                                               const Job& job, std::uint32_t rank);

}  // namespace buddy::comm
