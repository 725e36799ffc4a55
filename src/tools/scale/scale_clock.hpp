// Which actor of a simulated job is stepped next: the one whose time comes first.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <queue>
#include <vector>

#include "transport/sim/sim_transport.hpp"

namespace buddy::tools {

/// Somebody with a core of his own.
class ScaleActor {
 public:
  static constexpr std::uint64_t never_ns = std::numeric_limits<std::uint64_t>::max();

  ScaleActor() = default;
  ScaleActor(const ScaleActor&) = delete;
  ScaleActor& operator=(const ScaleActor&) = delete;
  virtual ~ScaleActor() = default;

  /// Does a bounded amount of work, and spends time for it. \return false if there was nothing to
  /// do, and there will not be before somebody wakes it
  virtual bool step() = 0;
  virtual void spend(double ns) noexcept = 0;
  /// While it is stepped: the network's clock and what it has spent.
  virtual std::uint64_t now_ns() const noexcept = 0;
  /// \return what it has spent since the last call
  virtual double take_spent_ns() noexcept = 0;
  /// When it looks again although nobody wakes it.
  virtual std::uint64_t looks_again_ns() const noexcept { return never_ns; }
};

/// Steps actors in the order of their clocks; equal times in the order in which they came up.
/// A step happens at one moment of the network's clock; what it takes passes for its actor alone.
/// Threads: one.
class ScaleClock final : public transport::SimListener {
 public:
  explicit ScaleClock(transport::SimNetwork& network);
  ~ScaleClock() override;

  /// \param actor must outlive this. Actors of agents come first, in their order. \return its
  /// number
  std::uint32_t add(ScaleActor& actor);
  /// The actor has something to do from \p at_ns on.
  void wake(std::uint32_t actor, std::uint64_t at_ns) noexcept;
  void expects(AgentId agent, std::uint64_t at_ns) noexcept override { wake(agent.value, at_ns); }

  /// Until \p ends says so, or nobody has anything to do. \param ends is told who was stepped
  void run(const std::function<bool(std::uint32_t actor)>& ends);

 private:
  struct Entry {
    std::uint64_t at_ns;
    std::uint64_t order;
    std::uint32_t actor;
    bool operator>(const Entry& other) const noexcept {
      return at_ns != other.at_ns ? at_ns > other.at_ns : order > other.order;
    }
  };
  struct State {
    ScaleActor* actor;
    std::uint64_t due_ns;   ///< when it is stepped next
    std::uint64_t free_ns;  ///< when its last step ends
  };

  transport::SimNetwork& network_;
  std::vector<State> actors_;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> queue_;
  std::uint64_t entries_ = 0;
};

}  // namespace buddy::tools
