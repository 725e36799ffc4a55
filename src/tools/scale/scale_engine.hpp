// A real engine in a simulated job, and what it takes.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "arena/sizes.hpp"
#include "base/counters.hpp"
#include "engine/engine.hpp"
#include "tools/scale/reserved_memory.hpp"
#include "tools/scale/scale_case.hpp"
#include "transport/sim/sim_transport.hpp"

namespace buddy::tools {

/// What the agents of a job have in common; must outlive them.
struct ScaleSurroundings {
  const ScaleCase& job;
  std::shared_ptr<const wire::JobMap> map;
  const wire::Routes& routes;
  arena::Sizes sizes;
  transport::SimNetwork& network;
};

/// One agent: its engine, its arena, which costs what is touched, and its clock.
class ScaleEngine {
 public:
  /// \param links to its ranks. Errors: no_memory
  static Result<std::unique_ptr<ScaleEngine>> create(const ScaleSurroundings& around, AgentId self,
                                                     std::vector<transport::Channel*> links);

  engine::Engine& engine() noexcept { return *engine_; }
  transport::SimTransport& fabric() noexcept { return fabric_; }
  const transport::SimTransport& fabric() const noexcept { return fabric_; }
  std::uint64_t count(Counter counter) const noexcept { return counters_.get(counter); }
  std::size_t channels() const noexcept { return channels_; }
  const ReservedMemory& arena() const noexcept { return arena_; }

  /// Polls once, and spends what that takes. \return Engine::poll()'s
  std::uint32_t poll() noexcept;
  /// When the engine has to be polled although nothing arrives.
  std::uint64_t looks_again_ns() const noexcept;

 private:
  ScaleEngine(const ScaleSurroundings& around, AgentId self, ReservedMemory arena);

  const ScaleModel& model_;
  transport::SimTransport& fabric_;
  ReservedMemory arena_;
  CounterTable counters_;
  std::size_t channels_ = 0;  ///< to agents
  std::size_t sources_ = 0;   ///< channels and links
  std::unique_ptr<engine::Engine> engine_;
};

}  // namespace buddy::tools
