// The hot loop: item -> next hop -> that hop's open block.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "transport/channel.hpp"
#include "wire/block_builder.hpp"

namespace buddy::engine {

/// Where a stopped route() goes on: all zero for a new frame.
struct RouteCursor {
  std::uint32_t run_offset = 0;  ///< of the run under way, bytes into the body
  std::uint32_t item = 0;        ///< items of that run already routed
};

/// Hands an open block on. One per agent, called when a block is full.
class BlockSink {
 public:
  virtual ~BlockSink() = default;
  /// Sends and clears the open block of \p hop. \return false if the hop is full
  virtual bool flush_full(std::uint32_t hop) noexcept = 0;
};

/// Copies the items of inbound bodies into one open block per next hop.
///
/// Shapes: hops are numbered 0 .. hops-1, those of local ranks first; `hop_of_rank` has one entry
/// per rank of the job.
/// Invariants: items of one source for one destination keep their order, because both the walk over
/// the body and the open block are sequential; a stopped walk resumes at the item it stopped at.
/// Threads: the agent's.
class Router {
 public:
  enum class Outcome { done, blocked, corrupt };

  /// \param blocks one attached builder per hop; may lie in an arena
  Router(std::span<wire::BlockBuilder> blocks, std::vector<std::uint32_t> hop_of_rank,
         BlockSink& sink);

  /// Routes what is left of a body in routed form.
  /// \param hop_limit destinations whose hop is not below are corrupt: what a peer sends may go
  ///        on to some hops only, or packets could circle
  /// \return blocked if a hop is full (cursor says where to go on)
  Outcome route(std::span<const std::byte> body, std::uint32_t hop_limit,
                RouteCursor& cursor) noexcept;

  /// Items of a body that was routed whose hop is not below \p hop.
  std::uint64_t count_beyond(std::span<const std::byte> body, std::uint32_t hop) const noexcept;

  /// Items routed since the last call.
  std::uint64_t take_routed() noexcept;

 private:
  template <class Size, class Copy>
  Outcome route_fixed(const wire::Run& run, Size payload, std::uint32_t hop_limit,
                      RouteCursor& cursor) noexcept;
  template <class Size, class Copy, std::size_t hops>
  Outcome route_few(const wire::Run& run, Size payload, std::uint32_t hop_limit,
                    RouteCursor& cursor) noexcept;
  template <class Size>
  Outcome route_two_final(const wire::Run& run, Size payload, RouteCursor& cursor) noexcept;
  template <class Size, class Copy>
  Outcome route_items(const wire::Run& run, Size payload, std::uint32_t hop_limit,
                      RouteCursor& cursor) noexcept;
  template <class Copy>
  Outcome route_by_size(const wire::Run& run, std::uint32_t hop_limit,
                        RouteCursor& cursor) noexcept;
  Outcome route_variable(const wire::Run& run, std::uint32_t hop_limit,
                         RouteCursor& cursor) noexcept;
  /// Next hops by destination. A copy on the stack of a loop stays in registers, where members
  /// would be read again after every store to a block.
  struct Table {
    const std::uint32_t* hop_of_rank;
    std::uint32_t ranks;
    std::uint32_t hop_limit;

    /// \return no_hop for a destination that is no rank or not allowed
    std::uint32_t operator()(std::uint32_t dest) const noexcept {
      const std::uint32_t hop = hop_of_rank[dest < ranks ? dest : ranks];
      return hop < hop_limit ? hop : no_hop;
    }
  };
  Table table(std::uint32_t hop_limit) const noexcept {
    return {hop_of_rank_.data(), ranks_, hop_limit};
  }
  bool make_room(std::uint32_t hop, const wire::RunHeader& header) noexcept;

  static constexpr std::uint32_t no_hop = ~std::uint32_t{0};

  std::span<wire::BlockBuilder> blocks_;
  std::vector<std::uint32_t> hop_of_rank_;  ///< one entry more than ranks: no_hop
  std::uint32_t ranks_;
  BlockSink& sink_;
  bool all_final_;  ///< every hop is the last one: destinations need not be copied
  std::uint64_t routed_ = 0;
};

}  // namespace buddy::engine
