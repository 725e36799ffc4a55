#include "tools/scale/scale_engine.hpp"

#include <algorithm>
#include <utility>

namespace buddy::tools {

ScaleEngine::ScaleEngine(const ScaleSurroundings& around, AgentId self, ReservedMemory arena)
    : model_(around.job.model), fabric_(around.network.fabric(self)), arena_(std::move(arena)) {}

Result<std::unique_ptr<ScaleEngine>> ScaleEngine::create(const ScaleSurroundings& around,
                                                         AgentId self,
                                                         std::vector<transport::Channel*> links) {
  const std::vector<AgentId> peers = around.routes.neighbours(self);
  const std::size_t sources = links.size() + peers.size();
  auto arena = ReservedMemory::create(engine::engine_arena_bytes(sources, around.sizes));
  if (!arena.ok()) return arena.status();
  std::unique_ptr<ScaleEngine> made(new ScaleEngine(around, self, std::move(arena.value())));
  made->channels_ = peers.size();
  made->sources_ = sources;
  engine::Resources resources;
  resources.links = std::move(links);
  for (const AgentId peer : peers) {
    resources.peers.push_back(made->fabric_.channel({peer.value}));
  }
  resources.transports = {&made->fabric_};
  resources.counters = &made->counters_;
  resources.arena = made->arena_.bytes();
  resources.clock_ns = [fabric = &made->fabric_] { return fabric->now_ns(); };
  made->engine_ =
      std::make_unique<engine::Engine>(around.map, self, std::move(resources), around.sizes);
  return made;
}

std::uint32_t ScaleEngine::poll() noexcept {
  const std::uint64_t before = count(Counter::records_routed);
  const std::uint32_t work = engine_->poll();
  const std::uint64_t routed = count(Counter::records_routed) - before;
  fabric_.spend(model_.route_ns * static_cast<double>(routed) +
                model_.channel_ns * static_cast<double>(sources_));
  return work;
}

std::uint64_t ScaleEngine::looks_again_ns() const noexcept {
  const std::uint64_t held = engine_->hold_ends_ns();
  return std::min(held, fabric_.next_event_ns().value_or(held));
}

}  // namespace buddy::tools
