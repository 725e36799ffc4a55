// Bodies of runs, as they come from a rank or a peer: read, counted and routed in both forms.
// Input: 1 byte hops and forms, 1 byte pattern of full hops, the body.
#include <memory>

#include "engine/router.hpp"
#include "fuzz/input.hpp"

namespace buddy::fuzz {
namespace {

using engine::RouteCursor;
using engine::Router;
using wire::BlockBuilder;
using wire::Form;

constexpr std::size_t block_bytes = 512;

/// Hops that are full now and then; what leaves must be sound.
class Hops final : public engine::BlockSink {
 public:
  Hops(std::uint8_t shape, std::uint8_t full) : full_(full), builders_(1 + shape % 5u) {
    for (std::size_t hop = 0; hop < builders_.size(); ++hop) {
      memory_.emplace_back(block_bytes + BlockBuilder::slack_bytes);
      const bool routed = (shape >> (3 + hop % 5) & 1) != 0;
      builders_[hop].attach(memory_[hop], routed ? Form::routed : Form::final);
    }
  }

  Router router() {
    std::vector<std::uint32_t> hop_of_rank;
    for (std::uint32_t rank = 0; rank < 2 * builders_.size(); ++rank) {
      hop_of_rank.push_back(static_cast<std::uint32_t>(rank % builders_.size()));
    }
    return {builders_, std::move(hop_of_rank), *this};
  }
  std::uint32_t count() const { return static_cast<std::uint32_t>(builders_.size()); }

  bool flush_full(std::uint32_t hop) noexcept override {
    const bool is_full = (full_ >> (flushes_++ % 8) & 1) != 0 && flushes_ % 9 != 0;
    if (is_full) return false;
    flush(hop);
    return true;
  }
  void flush(std::uint32_t hop) noexcept {
    BlockBuilder& block = builders_[hop];
    const auto body = block.finish();
    require(body.size() <= block_bytes);
    require(wire::count_messages(body, block.form()) == static_cast<std::int64_t>(block.records()));
    sent_ += block.records();
    block.clear();
  }
  std::uint64_t sent() const { return sent_; }

 private:
  std::uint8_t full_;
  std::uint32_t flushes_ = 0;
  std::uint64_t sent_ = 0;
  std::vector<std::vector<std::byte>> memory_;
  std::vector<BlockBuilder> builders_;
};

void route(std::span<const std::byte> body, std::uint8_t shape, std::uint8_t full) {
  Hops hops(shape, full);
  Router router = hops.router();
  RouteCursor cursor;
  Router::Outcome outcome = Router::Outcome::blocked;
  for (int rounds = 0; outcome == Router::Outcome::blocked; ++rounds) {
    require(rounds < 100'000);
    outcome = router.route(body, hops.count(), cursor);
  }
  const std::int64_t messages = wire::count_messages(body, Form::routed);
  if (messages < 0) require(outcome == Router::Outcome::corrupt);
  for (std::uint32_t hop = 0; hop < hops.count(); ++hop) hops.flush(hop);
  const std::uint64_t routed = router.take_routed();
  require(routed == hops.sent());
  if (outcome == Router::Outcome::done) require(routed == static_cast<std::uint64_t>(messages));
}

}  // namespace
}  // namespace buddy::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  buddy::fuzz::Input input(data, size);
  const auto shape = input.take<std::uint8_t>();
  const auto full = input.take<std::uint8_t>();
  const std::vector<std::byte> body = input.take_bytes(input.left());
  buddy::wire::count_messages(body, buddy::wire::Form::final);
  buddy::fuzz::route(body, shape, full);
  return 0;
}
