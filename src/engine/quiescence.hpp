// Finds out that every message has been handled, without a central place.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "base/ids.hpp"
#include "engine/engine_state.hpp"
#include "wire/control.hpp"
#include "wire/routes.hpp"

namespace buddy::engine {

/// One agent's part in the waves of quiescence detection.
///
/// A wave sums the totals of all agents and gives every agent the same result: recursive doubling
/// over a power of two of agents, the rest folded in before and out after (log2(agents) + 2
/// rounds). Where there are groups (wire::Routes) it is done in each group, and then between the
/// members with the same index in all groups; those whose index some group lacks are told the
/// result by a member of their own: so waves travel between neighbours only. The system is
/// quiescent when two waves in a row find the same totals, with sent == handled.
///
/// Why that is right (Mattern's four-counter argument): an agent contributes only while all its
/// ranks are inside the barrier, have nothing to do, and have been given nothing since they said
/// so; the second wave begins after the first has ended everywhere that matters, so there is a
/// moment between them when every contribution of the first was still true. The last wave of one
/// barrier serves as the first of the next: if nothing was sent since, one wave is enough.
/// Invariant: an agent is at most one wave ahead of any other, so two slots per round suffice.
/// Threads: the agent's. Plain logic: the caller sends and receives.
/// Source: F. Mattern, Algorithms for distributed termination detection, 1987; recursive doubling
/// as in Thakur, Rabenseifner and Gropp, Optimization of collective communication in MPICH, 2005.
class Quiescence {
 public:
  /// \param state a new one, or where an earlier engine of the same agent stopped; must outlive
  /// this
  Quiescence(AgentId self, const wire::Routes& routes, QuiescenceState& state);

  struct Send {
    AgentId to;
    wire::WaveMessage message;
  };

  bool in_wave() const noexcept { return state_.in_wave != 0; }
  /// Begins a wave. \pre !in_wave()
  void contribute(const Totals& mine) noexcept;
  /// What to send next, if anything; call sent() once it is on its way.
  std::optional<Send> pending() noexcept;
  void sent() noexcept { ++state_.step; }
  /// Takes a peer's message. \return false if it cannot belong to this wave or the next
  bool receive(AgentId from, const wire::WaveMessage& message) noexcept;

  /// True once after a wave has ended. \param quiescent whether everything has been handled
  bool finished(bool& quiescent) noexcept;

  std::uint64_t waves() const noexcept { return state_.wave; }

 private:
  enum class Action : std::uint8_t { send, add, take };
  struct Step {
    Action action;
    AgentId peer;
    std::uint32_t round;
  };
  void plan(AgentId self, const wire::Routes& routes);
  void plan_doubling(std::uint32_t self, std::uint32_t members, std::uint32_t first_round,
                     const std::function<AgentId(std::uint32_t)>& member);
  void consume() noexcept;
  QuiescenceState::Slot& slot(std::uint64_t wave, std::uint32_t round) noexcept {
    return state_.inbox[wave % 2][round];
  }

  std::vector<Step> steps_;
  QuiescenceState& state_;
};

}  // namespace buddy::engine
