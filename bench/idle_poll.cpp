// What it costs an engine to find nothing to do: ns a poll and a channel, by how many channels it
// has. Rings of neighbours on the same machine; every one has lines of its own.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <vector>

#include "arena/sizes.hpp"
#include "engine/engine.hpp"
#include "transport/rings/ring_channel.hpp"

namespace {

using namespace buddy;

/// Zeroed memory, of which only what is touched is there.
class Zeroed {
 public:
  explicit Zeroed(std::size_t bytes)
      : memory_(static_cast<std::byte*>(std::calloc(1, bytes + line)), &std::free), bytes_(bytes) {
    if (memory_ == nullptr) std::abort();
  }
  std::span<std::byte> bytes() const {
    const auto address = reinterpret_cast<std::uintptr_t>(memory_.get());
    return {memory_.get() + (line - address % line) % line, bytes_};
  }

 private:
  static constexpr std::size_t line = 128;
  std::unique_ptr<std::byte, decltype(&std::free)> memory_;
  std::size_t bytes_;
};

void idle_poll(benchmark::State& state) {
  const auto peers = static_cast<std::uint32_t>(state.range(0));
  auto map = std::make_shared<wire::JobMap>();
  for (std::uint32_t agent = 0; agent <= peers; ++agent) {
    map->agent_of_rank.push_back(agent);
    map->node_of_agent.push_back(0);
    map->machine_of_agent.push_back(0);
  }
  const wire::Routes routes(*map);
  const arena::Sizes sizes = arena::sizes_for(routes, {});
  const std::size_t ring = arena::ring_bytes(sizes.fabric_ring_bytes);
  const Zeroed rings((peers + 1) * 2 * ring);
  std::vector<std::unique_ptr<transport::RingChannel>> channels;
  for (std::size_t i = 0; i <= peers; ++i) {
    channels.push_back(std::make_unique<transport::RingChannel>(
        transport::RingChannel::Ends{rings.bytes().subspan(2 * i * ring, ring),
                                     rings.bytes().subspan((2 * i + 1) * ring, ring)},
        nullptr));
  }
  const Zeroed arena(engine::engine_arena_bytes(peers + 1, sizes));
  CounterTable counters;
  engine::Resources around;
  around.arena = arena.bytes();
  around.counters = &counters;
  around.links = {channels[0].get()};
  for (std::size_t i = 1; i <= peers; ++i) around.peers.push_back(channels[i].get());
  engine::Engine engine(map, AgentId{0}, std::move(around), sizes);
  for (auto _ : state) benchmark::DoNotOptimize(engine.poll());
  state.counters["ns/channel"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * (peers + 1) * 1e-9,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(idle_poll)->Arg(1)->Arg(14)->Arg(62)->Arg(255)->Arg(1023);

}  // namespace
