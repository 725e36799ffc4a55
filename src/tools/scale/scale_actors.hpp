// What is stepped in a simulated job: agents with their ranks.
#pragma once

#include <memory>
#include <vector>

#include "engine/embedded_link.hpp"
#include "tools/scale/scale_clock.hpp"
#include "tools/scale/scale_engine.hpp"
#include "tools/scale/scale_link.hpp"
#include "tools/scale/scale_rank.hpp"

namespace buddy::tools {

/// An agent and the ranks it serves, however they share cores.
class ScaleAgent {
 public:
  virtual ~ScaleAgent() = default;
  virtual ScaleEngine& engine() noexcept = 0;
  virtual const ScaleEngine& engine() const noexcept = 0;
  virtual const std::vector<const ScaleRank*>& ranks() const noexcept = 0;
  /// Memory of the rings to its ranks.
  virtual std::size_t link_bytes() const noexcept = 0;
  virtual std::size_t resident_link_bytes() const = 0;
};

/// What ranks need besides their link.
struct ScaleRanks {
  Deliveries& deliveries;
  std::span<std::byte> scratch;
};

/// A rank that steps its own engine, on one core. \param clock the agents are added in their order
Result<std::unique_ptr<ScaleAgent>> make_embedded(const ScaleSurroundings& around,
                                                  const ScaleRanks& ranks, ScaleClock& clock,
                                                  AgentId self);
/// An engine with a core of its own, and ranks with one each. The ranks are no actors before
/// start_ranks().
class SeparateAgent : public ScaleAgent {
 public:
  virtual void start_ranks(ScaleClock& clock) = 0;
};
Result<std::unique_ptr<SeparateAgent>> make_separate(const ScaleSurroundings& around,
                                                     const ScaleRanks& ranks, ScaleClock& clock,
                                                     AgentId self);

}  // namespace buddy::tools
