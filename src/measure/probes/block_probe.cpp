// What a message costs where it is appended, routed and delivered: the loops of the library. The
// block that is filled is one and the same, as in a rank; those that are read lie in the
// second-level cache, as those in a ring do.
#include <buddy/detail/outbox.hpp>
#include <cstring>
#include <random>

#include "arena/sizes.hpp"
#include "engine/router.hpp"
#include "measure/probes/cost_probe.hpp"
#include "wire/run.hpp"

namespace buddy::measure {
namespace {

using wire::BlockBuilder;
using wire::Form;

constexpr std::uint32_t handler = 1;
constexpr std::uint32_t payload_bytes = 8;
constexpr std::uint32_t hops = 2;  ///< two ranks, each with an engine: what most measurements use
constexpr std::size_t block_bytes = arena::sizes_for(hops).block_bytes;
/// As much as a ring between rank and engine holds; many, lest a branch predictor learn one.
constexpr std::size_t block_count = arena::sizes_for(hops).link_ring_bytes / block_bytes;
constexpr std::uint32_t table_entries = 4096;  ///< in the first-level cache: memory is not ours
constexpr int samples_per_series = 40;

using Blocks = std::vector<std::vector<std::byte>>;

std::vector<std::byte> block_memory() {
  return std::vector<std::byte>(block_bytes + BlockBuilder::slack_bytes);
}

/// A full block for random ranks and entries of the table. \return its body
std::vector<std::byte> random_block(Form form, std::uint32_t seed) {
  std::vector<std::byte> memory = block_memory();
  BlockBuilder block;
  block.attach(memory, form);
  std::mt19937 random(seed);
  const std::size_t stride = wire::item_stride(payload_bytes, form);
  block.open_run(handler, payload_bytes, stride);
  while (std::byte* item = block.try_extend(BlockBuilder::key(handler, payload_bytes), stride)) {
    if (form == Form::routed) {
      wire::store(item, static_cast<std::uint32_t>(random() % hops));
      item += 4;
    }
    wire::store(item, std::uint64_t{random() % table_entries});
  }
  memory.resize(block.finish().size());
  return memory;
}

Blocks random_blocks(Form form) {
  Blocks blocks;
  for (std::uint32_t seed = 0; seed < block_count; ++seed) {
    blocks.push_back(random_block(form, seed));
  }
  return blocks;
}

/// CPU time per item, ns, of several runs of \p work, which returns how many items it had.
template <class Work>
std::vector<double> cpu_ns_per_item(const Limit& limit, Work work) {
  std::vector<double> ns;
  for (int i = 0; i < samples_per_series && !limit.over(); ++i) {
    const std::uint64_t start = thread_cpu_ns();
    const std::uint64_t items = work();
    const std::uint64_t taken = thread_cpu_ns() - start;
    if (items != 0) ns.push_back(static_cast<double>(taken) / static_cast<double>(items));
  }
  return ns;
}

/// What Comm::async() does for a message of fixed size, and what starts a block.
class Appender {
 public:
  Appender() {
    std::mt19937 random(1);
    for (std::uint32_t& dest : dests_) dest = static_cast<std::uint32_t>(random() % hops);
    block_.attach(memory_, Form::routed);
    outbox_.idle = &engine_state_;
  }

  /// Fills the block several times. \return messages
  std::uint64_t fill() noexcept {
    std::uint64_t messages = 0;
    for (std::size_t n = 0; n < block_count; ++n) {
      block_.clear();
      start_run();
      // The key is a variable in async(), too: handlers are numbered when the program starts.
      keep(&key_);
      for (std::uint64_t i = 0;; ++i) {
        std::byte* item = outbox_.try_extend(key_, payload_bytes + 4);
        if (item == nullptr) [[unlikely]]
          break;
        std::memcpy(item, &dests_[i % dests_.size()], 4);
        std::memcpy(item + 4, &i, payload_bytes);
        if (outbox_.engine_is_idle()) [[unlikely]]
          return 0;
      }
      block_.resume(outbox_.cursor);
      keep(block_.finish().data());
      messages += block_.records();
    }
    return messages;
  }

 private:
  void start_run() noexcept {
    block_.open_run(handler, payload_bytes, wire::item_stride(payload_bytes, Form::routed));
    outbox_.move_to(block_.position());
  }

  std::array<std::uint32_t, 1024> dests_{};
  std::vector<std::byte> memory_ = block_memory();
  BlockBuilder block_;
  std::atomic<std::uint32_t> engine_state_{0};
  std::uint64_t key_ = detail::Outbox::key(handler, payload_bytes);
  detail::Outbox outbox_;
};

/// An engine's router, whose full blocks are emptied instead of sent.
class RoutedNowhere final : public engine::BlockSink {
 public:
  RoutedNowhere() : router_(attach(), {0, 1}, *this) {}

  bool flush_full(std::uint32_t hop) noexcept override {
    keep(blocks_[hop].finish().data());
    blocks_[hop].clear();
    return true;
  }

  /// \return records, 0 if there is something wrong with the blocks
  std::uint64_t route(const Blocks& inbound) noexcept {
    for (const std::vector<std::byte>& body : inbound) {
      engine::RouteCursor cursor;
      if (router_.route(body, hops, cursor) != engine::Router::Outcome::done) return 0;
    }
    return router_.take_routed();
  }

 private:
  std::span<BlockBuilder> attach() {
    for (std::size_t hop = 0; hop < hops; ++hop) {
      memory_[hop] = block_memory();
      blocks_[hop].attach(memory_[hop], Form::final);
    }
    return blocks_;
  }

  std::array<std::vector<std::byte>, hops> memory_;
  std::array<BlockBuilder, hops> blocks_;
  engine::Router router_;
};

/// What a rank does with a block: walks its runs, calls the handler for every item.
class Deliverer {
 public:
  /// \return records, 0 if there is something wrong with the blocks
  std::uint64_t deliver(const Blocks& inbound) noexcept {
    std::uint64_t records = 0;
    for (const std::vector<std::byte>& body : inbound) {
      wire::RunReader reader(body, Form::final);
      wire::Run run;
      wire::RunReader::Next next = reader.next(run);
      for (; next == wire::RunReader::Next::run; next = reader.next(run)) {
        if (run.header.item_bytes != payload_bytes) return 0;
        for (std::uint32_t i = 0; i < run.header.count; ++i) {
          handle(wire::load<std::uint64_t>(run.items + std::size_t{i} * payload_bytes));
        }
        records += run.header.count;
      }
      if (next == wire::RunReader::Next::corrupt) return 0;
    }
    keep(table_.data());
    return records;
  }

 private:
  void handle(std::uint64_t entry) noexcept { ++table_[entry % table_entries]; }

  std::vector<std::uint64_t> table_ = std::vector<std::uint64_t>(table_entries);
};

class BlockProbe final : public CostProbe {
 public:
  void measure(const Limit& limit, CostSamples& samples) override {
    samples.add_median(&MessageCosts::append_ns_per_message,
                       cpu_ns_per_item(limit, [this] { return appender_.fill(); }));
    samples.add_median(&MessageCosts::route_ns_per_record,
                       cpu_ns_per_item(limit, [this] { return routed_.route(to_route_); }));
    samples.add_median(&MessageCosts::deliver_ns_per_record,
                       cpu_ns_per_item(limit, [this] { return deliverer_.deliver(to_deliver_); }));
  }

 private:
  Blocks to_route_ = random_blocks(Form::routed);
  Blocks to_deliver_ = random_blocks(Form::final);
  Appender appender_;
  RoutedNowhere routed_;
  Deliverer deliverer_;
};

}  // namespace

MadeProbe make_block_probe() { return std::unique_ptr<CostProbe>(std::make_unique<BlockProbe>()); }

}  // namespace buddy::measure
