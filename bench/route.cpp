// The hot loop of the engine alone: ns and records/s to move items from an inbound block to the
// open blocks of their next hops. Lower bound of what an engine can do on one core.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <random>
#include <vector>

#include "engine/router.hpp"

namespace {

using buddy::engine::BlockSink;
using buddy::engine::RouteCursor;
using buddy::engine::Router;
using buddy::wire::BlockBuilder;
using buddy::wire::Form;

constexpr std::size_t block_bytes = 32 * 1024;

/// Open blocks that are emptied instead of sent.
class Drain final : public BlockSink {
 public:
  Drain(std::size_t hops, Form form) : memory_(hops * (block_bytes + 64)), blocks_(hops) {
    for (std::size_t i = 0; i < hops; ++i) {
      blocks_[i].attach(std::span(memory_).subspan(i * (block_bytes + 64),
                                                   block_bytes + BlockBuilder::slack_bytes),
                        form);
    }
  }
  bool flush_full(std::uint32_t hop) noexcept override {
    benchmark::DoNotOptimize(blocks_[hop].finish().data());
    blocks_[hop].clear();
    return true;
  }
  std::span<BlockBuilder> blocks() { return blocks_; }

 private:
  std::vector<std::byte> memory_;
  std::vector<BlockBuilder> blocks_;
};

/// A full block of items for random ranks. Different seeds for different blocks: the branch
/// predictor would learn a single one by heart.
std::vector<std::byte> random_block(std::uint32_t ranks, std::uint32_t payload,
                                    std::uint32_t seed) {
  std::vector<std::byte> memory(block_bytes + BlockBuilder::slack_bytes);
  BlockBuilder block;
  block.attach(memory, Form::routed);
  std::mt19937 random(seed);
  const std::size_t stride = buddy::wire::item_stride(payload, Form::routed);
  while (block.open_run(1, payload, stride)) {
    std::byte* item = block.try_extend(BlockBuilder::key(1, payload), stride);
    if (item == nullptr) break;
    buddy::wire::store(item, static_cast<std::uint32_t>(random() % ranks));
  }
  memory.resize(block.finish().size());
  return memory;
}

// args: next hops, payload bytes, form of the hops (0 routed, 1 final)
void route(benchmark::State& state) {
  const auto hops = static_cast<std::uint32_t>(state.range(0));
  const auto payload = static_cast<std::uint32_t>(state.range(1));
  Drain drain(hops, static_cast<Form>(state.range(2)));
  std::vector<std::uint32_t> hop_of_rank(hops);
  for (std::uint32_t i = 0; i < hops; ++i) hop_of_rank[i] = i;
  Router router(drain.blocks(), hop_of_rank, drain);
  std::vector<std::vector<std::byte>> inbound;
  for (std::uint32_t seed = 0; seed < 64; ++seed) {
    inbound.push_back(random_block(hops, payload, seed));
  }
  std::size_t next = 0;
  std::uint64_t records = 0;
  for (auto _ : state) {
    RouteCursor cursor;
    if (router.route(inbound[next++ % inbound.size()], hops, cursor) != Router::Outcome::done) {
      state.SkipWithError("the block was refused");
      break;
    }
    records += router.take_routed();
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(records));
  state.counters["ns/record"] =
      benchmark::Counter(static_cast<double>(records) * 1e-9,
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(route)
    ->ArgNames({"hops", "payload", "final"})
    ->ArgsProduct({{1, 2, 3, 4, 8, 64, 1024}, {8, 16, 64}, {0, 1}});

}  // namespace

BENCHMARK_MAIN();
