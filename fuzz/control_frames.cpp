// Frames of all kinds, from ranks and peers, into an engine.
// Input: frames; each 1 byte source and kind, 1 byte size, body.
#include <deque>
#include <memory>

#include "engine/engine.hpp"
#include "fuzz/input.hpp"

namespace buddy::fuzz {
namespace {

using wire::Frame;
using wire::FrameKind;
using wire::Peek;
using wire::Push;

/// A neighbour that says what the input says, and swallows what it is told.
class Mouth final : public transport::Channel {
 public:
  void say(FrameKind kind, std::vector<std::byte> body) {
    waiting_.push_back({kind, std::move(body)});
  }
  Push try_push(FrameKind kind, std::uint64_t, std::span<const std::byte> body) noexcept override {
    require(body.size() <= wire::max_body_bytes);
    require(kind != FrameKind::padding);
    return ++pushes_ % 5 == 0 ? Push::full : Push::ok;
  }
  Peek peek(Frame& frame) noexcept override {
    if (waiting_.empty()) return Peek::empty;
    const Said& said = waiting_.front();
    frame = {{static_cast<std::uint32_t>(said.body.size()), said.kind, 0, 0}, said.body};
    return Peek::ready;
  }
  void release() noexcept override { waiting_.pop_front(); }
  bool drained() noexcept override { return true; }
  Status status() const override { return {}; }

 private:
  struct Said {
    FrameKind kind;
    std::vector<std::byte> body;
  };
  std::deque<Said> waiting_;
  std::uint32_t pushes_ = 0;
};

constexpr std::uint32_t locals = 2;
constexpr std::uint32_t agents = 3;

/// Agent 0 of three, with two ranks of its own.
struct Place {
  Place() {
    sizes.block_bytes = 512;
    wire::JobMap map;
    map.node_of_agent = {0, 1, 1};
    map.machine_of_agent = {0, 0, 0};
    map.agent_of_rank = {0, 0, 1, 1, 2};
    engine::Resources around;
    around.links = {&mouths[0], &mouths[1]};
    around.peers = {&mouths[2], &mouths[3]};
    around.counters = &counters;
    memory.resize(engine::engine_arena_bytes(locals + agents - 1, sizes) / sizeof(Line) + 1);
    around.arena = std::as_writable_bytes(std::span(memory));
    made = std::make_unique<engine::Engine>(std::make_shared<const wire::JobMap>(std::move(map)),
                                            AgentId{0}, std::move(around), sizes);
  }

  struct alignas(64) Line {
    std::byte bytes[64];  // NOLINT(modernize-avoid-c-arrays)
  };
  Mouth mouths[locals + agents - 1];  // NOLINT(modernize-avoid-c-arrays)
  CounterTable counters;
  arena::Sizes sizes{};
  std::vector<Line> memory;
  std::unique_ptr<engine::Engine> made;
};

}  // namespace
}  // namespace buddy::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using buddy::Counter;
  using buddy::fuzz::require;
  buddy::fuzz::Input input(data, size);
  buddy::fuzz::Place place;
  while (!input.empty()) {
    const auto what = input.take<std::uint8_t>();
    const auto kind = static_cast<buddy::wire::FrameKind>(1 + what / 4 % 9);
    place.mouths[what % 4].say(kind, input.take_bytes(input.take<std::uint8_t>()));
    place.made->poll();
  }
  // Whatever was said, the engine comes to rest, and knows what it rejected.
  int polls = 0;
  while (place.made->poll() != 0) require(++polls < 10'000);
  if (place.counters.get(Counter::rejected_frames) != 0) require(!place.made->status().ok());
  place.made->drain_and_close();
  while (!place.made->closed()) {
    place.made->poll();
    require(++polls < 10'000);
  }
  return 0;
}
