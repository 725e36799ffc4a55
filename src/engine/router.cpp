#include "engine/router.hpp"

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

namespace buddy::engine {

using wire::BlockBuilder;
using wire::Form;
using wire::Run;
using wire::RunHeader;
using wire::RunReader;

namespace {

template <std::uint32_t Bytes>
using Constant = std::integral_constant<std::uint32_t, Bytes>;

/// Runs shorter than this are not worth setting up the loop of route_few().
constexpr std::uint32_t enough_for_registers = 16;
/// Items larger than this are not worth writing twice, bytes.
constexpr std::uint32_t most_for_two_hops = 32;

/// How items change when no hop needs the destination any more: payloads of a known stride.
struct CopyFinal {
  static constexpr bool final_only = true;
  template <class Size>
  static std::uint32_t stride(const BlockBuilder&, Size payload) noexcept {
    return wire::item_stride(payload, Form::final);
  }
  template <class Size>
  static void copy(const BlockBuilder&, std::byte* out, const std::byte* item, Size payload,
                   bool /*last*/) noexcept {
    std::memcpy(out, item + 4, payload);
  }
};

/// The general case: each hop says whether it needs the destination.
struct CopyMixed {
  static constexpr bool final_only = false;
  template <class Size>
  static std::uint32_t stride(const BlockBuilder& block, Size payload) noexcept {
    return wire::item_stride(payload, block.form());
  }
  template <class Size>
  static void copy(const BlockBuilder& block, std::byte* out, const std::byte* item, Size payload,
                   bool last) noexcept {
    const std::uint32_t skip = block.form() == Form::final ? 4 : 0;
    const std::uint32_t bytes = payload;
    // One size for both forms: in final form this copies 4 bytes of the next item too, which the
    // next append overwrites (BlockBuilder::slack_bytes). The last item has no next one.
    if (last) [[unlikely]] {
      std::memcpy(out, item + skip, std::size_t{bytes} + 4 - skip);
    } else {
      std::memcpy(out, item + skip, std::size_t{bytes} + 4);
    }
  }
};

}  // namespace

Router::Router(std::span<BlockBuilder> blocks, std::vector<std::uint32_t> hop_of_rank,
               BlockSink& sink)
    : blocks_(blocks),
      hop_of_rank_(std::move(hop_of_rank)),
      ranks_(static_cast<std::uint32_t>(hop_of_rank_.size())),
      sink_(sink),
      all_final_(std::all_of(blocks.begin(), blocks.end(), [](const BlockBuilder& block) {
        return block.form() == Form::final;
      })) {
  hop_of_rank_.push_back(no_hop);
}

std::uint64_t Router::take_routed() noexcept { return std::exchange(routed_, 0); }

std::uint64_t Router::count_beyond(std::span<const std::byte> body,
                                   std::uint32_t hop) const noexcept {
  RunReader reader(body, Form::routed);
  Run run;
  std::uint64_t beyond = 0;
  const Table hop_of = table(no_hop);
  while (reader.next(run) == RunReader::Next::run) {
    if (run.header.item_bytes == wire::variable_items) {
      wire::ItemReader items(run, Form::routed);
      wire::Item item;
      while (items.next(item)) beyond += hop_of(item.dest) >= hop ? 1u : 0u;
      continue;
    }
    const std::size_t stride = wire::item_stride(run.header.item_bytes, Form::routed);
    for (std::uint32_t i = 0; i < run.header.count; ++i) {
      beyond += hop_of(wire::load<std::uint32_t>(run.items + i * stride)) >= hop ? 1u : 0u;
    }
  }
  return beyond;
}

Router::Outcome Router::route(std::span<const std::byte> body, std::uint32_t hop_limit,
                              RouteCursor& cursor) noexcept {
  RunReader reader(body, Form::routed);
  reader.seek(cursor.run_offset);
  Run run;
  for (;;) {
    const RunReader::Next next = reader.next(run);
    if (next == RunReader::Next::end) return Outcome::done;
    if (next == RunReader::Next::corrupt) return Outcome::corrupt;
    // The sender can still change the header, also while the walk is stopped.
    if (cursor.item > run.header.count) return Outcome::corrupt;
    Outcome outcome = Outcome::done;
    if (run.header.item_bytes != wire::variable_items &&
        sizeof(RunHeader) + wire::item_stride(run.header.item_bytes, Form::routed) >
            blocks_[0].largest_body()) {
      return Outcome::corrupt;  // larger than any block of ours
    }
    if (run.header.item_bytes == wire::variable_items) {
      outcome = route_variable(run, hop_limit, cursor);
    } else if (all_final_) {
      outcome = route_by_size<CopyFinal>(run, hop_limit, cursor);
    } else {
      outcome = route_by_size<CopyMixed>(run, hop_limit, cursor);
    }
    if (outcome != Outcome::done) return outcome;
    cursor = {reader.position(), 0};
  }
}

template <class Copy>
Router::Outcome Router::route_by_size(const Run& run, std::uint32_t hop_limit,
                                      RouteCursor& cursor) noexcept {
  const auto go = [&](auto size) {
    return route_items<decltype(size), Copy>(run, size, hop_limit, cursor);
  };
  switch (run.header.item_bytes) {
    case 4: return go(Constant<4>());
    case 8: return go(Constant<8>());
    case 12: return go(Constant<12>());
    case 16: return go(Constant<16>());
    case 20: return go(Constant<20>());
    case 24: return go(Constant<24>());
    case 32: return go(Constant<32>());
    case 64: return go(Constant<64>());
    default: return go(run.header.item_bytes);
  }
}

template <class Size, class Copy>
Router::Outcome Router::route_items(const Run& run, Size payload, std::uint32_t hop_limit,
                                    RouteCursor& cursor) noexcept {
  if constexpr (!std::is_same_v<Size, std::uint32_t>) {
    const bool pays = run.header.count - cursor.item >= enough_for_registers;
    if constexpr (Copy::final_only) {
      if (pays && blocks_.size() == 2 && hop_limit == 2) {
        return route_two_final<Size>(run, payload, cursor);
      }
    }
    if (pays && blocks_.size() == 1)
      return route_few<Size, Copy, 1>(run, payload, hop_limit, cursor);
    if (pays && blocks_.size() == 2 && payload <= most_for_two_hops) {
      return route_few<Size, Copy, 2>(run, payload, hop_limit, cursor);
    }
  }
  return route_fixed<Size, Copy>(run, payload, hop_limit, cursor);
}

template <class Size, class Copy>
Router::Outcome Router::route_fixed(const Run& run, Size payload, std::uint32_t hop_limit,
                                    RouteCursor& cursor) noexcept {
  const std::uint32_t bytes = payload;
  const std::size_t stride_in = wire::item_stride(bytes, Form::routed);
  const std::uint64_t key = BlockBuilder::key(run.header.handler, bytes);
  BlockBuilder* const blocks = blocks_.data();
  const Table hop_of = table(hop_limit);
  const std::byte* const first = run.items + std::size_t{cursor.item} * stride_in;
  const std::byte* const end = run.items + std::size_t{run.header.count} * stride_in;
  const std::byte* item = first;
  Outcome outcome = Outcome::done;
  for (; item != end; item += stride_in) {
    const std::uint32_t hop = hop_of(wire::load<std::uint32_t>(item));
    if (hop == no_hop) [[unlikely]] {
      outcome = Outcome::corrupt;
      break;
    }
    BlockBuilder& block = blocks[hop];
    const std::uint32_t stride = Copy::stride(block, payload);
    std::byte* out = block.try_extend(key, stride);
    if (out == nullptr) [[unlikely]] {
      if (!make_room(hop, run.header)) {
        outcome = Outcome::blocked;
        break;
      }
      out = block.try_extend(key, stride);
    }
    Copy::copy(block, out, item, payload, item + stride_in == end);
  }
  const auto done = static_cast<std::uint32_t>(static_cast<std::size_t>(item - first) / stride_in);
  routed_ += done;
  cursor.item += done;
  return outcome;
}

// With one or two hops the cursors stay in registers, and every item is written to all hops: only
// the cursor of the right one moves on. A cursor in memory costs its store-to-load forwarding for
// every item (docs/design/route.md).
template <class Size, class Copy, std::size_t hops>
Router::Outcome Router::route_few(const Run& run, Size payload, std::uint32_t hop_limit,
                                  RouteCursor& cursor) noexcept {
  constexpr std::uint32_t bytes = Size::value;
  constexpr std::size_t stride_in = wire::item_stride(bytes, Form::routed);
  const std::uint32_t last = run.header.count - 1;  // is copied exactly, by route_fixed()
  const Table hop_of = table(hop_limit);
  std::array<std::byte, bytes + 4> nowhere;  // for hops that no item may go to
  while (cursor.item < last) {
    std::array<std::byte*, hops> out{};
    std::array<std::size_t, hops> stride{};
    std::array<std::size_t, hops> skip{};
    std::uint64_t room = last - cursor.item;
    for (std::uint32_t h = 0; h < hops; ++h) {
      out[h] = nowhere.data();
      if (h >= hop_limit) continue;
      if (!make_room(h, run.header))
        return route_fixed<Size, Copy>(run, payload, hop_limit, cursor);
      const BlockBuilder& block = blocks_[h];
      out[h] = block.cursor();
      stride[h] = wire::item_stride(bytes, block.form());
      skip[h] = block.form() == Form::final ? 4 : 0;
      const auto left = static_cast<std::size_t>(block.limit() - block.cursor());
      room = std::min<std::uint64_t>(room, left / stride[h]);
    }
    const std::byte* item = run.items + std::size_t{cursor.item} * stride_in;
    bool corrupt = false;
    for (std::uint64_t i = 0; i < room; ++i, item += stride_in) {
      const std::uint32_t hop = hop_of(wire::load<std::uint32_t>(item));
      corrupt |= hop == no_hop;
      for (std::uint32_t h = 0; h < hops; ++h) {
        if constexpr (Copy::final_only) {
          std::memcpy(out[h], item + 4, bytes);
        } else {
          std::memcpy(out[h], item + skip[h], bytes + 4);
        }
        // A mask, not a choice: the compiler would make it a branch, and which hop is random.
        out[h] += stride[h] & (std::size_t{0} - static_cast<std::size_t>(hop == h));
      }
    }
    if (corrupt) return Outcome::corrupt;
    for (std::uint32_t h = 0; h < hops && h < hop_limit; ++h) blocks_[h].resume(out[h]);
    routed_ += room;
    cursor.item += static_cast<std::uint32_t>(room);
  }
  return route_fixed<Size, Copy>(run, payload, hop_limit, cursor);
}

// Two hops, both the last: what most jobs on one machine have. The place of the next item for hop 1
// follows from how many went to hop 0, so that one number says where both go on.
template <class Size>
Router::Outcome Router::route_two_final(const Run& run, Size payload,
                                        RouteCursor& cursor) noexcept {
  constexpr std::uint32_t hops = 2;
  constexpr std::uint32_t bytes = Size::value;
  constexpr std::size_t stride_in = wire::item_stride(bytes, Form::routed);
  constexpr std::size_t stride = wire::item_stride(bytes, Form::final);
  const std::uint32_t* const hop_of = hop_of_rank_.data();
  const std::uint32_t ranks = ranks_;
  while (cursor.item < run.header.count) {
    std::uint64_t room = run.header.count - cursor.item;
    for (std::uint32_t h = 0; h < hops; ++h) {
      if (!make_room(h, run.header)) {
        return route_fixed<Size, CopyFinal>(run, payload, hops, cursor);
      }
      const auto left = static_cast<std::size_t>(blocks_[h].limit() - blocks_[h].cursor());
      room = std::min<std::uint64_t>(room, left / stride);
    }
    std::byte* first = blocks_[0].cursor();
    std::byte* second = blocks_[1].cursor();
    const std::byte* item = run.items + std::size_t{cursor.item} * stride_in;
    const std::byte* const end = item + room * stride_in;
    std::uint32_t seen = 0;
    // Routes item k of a group: `first` lags behind by what the group has advanced.
    const auto route_one = [&](std::size_t k) {
      const std::byte* const from = item + k * stride_in;
      const auto dest = wire::load<std::uint32_t>(from);
      const std::uint32_t hop = hop_of[dest < ranks ? dest : ranks];
      seen |= hop;
      const std::size_t to_second = std::size_t{hop & 1} * stride;
      std::byte* const out = first + k * stride;
      if constexpr (bytes <= most_for_two_hops) {
        const auto payload_copy = wire::load<std::array<std::byte, bytes>>(from + 4);
        wire::store(out, payload_copy);
        wire::store(second, payload_copy);
      } else {
        // A mask, not a choice: the compiler would make it a branch, and which hop is random.
        const std::ptrdiff_t is_second = -static_cast<std::ptrdiff_t>(hop & 1);
        std::memcpy(out + ((second - out) & is_second), from + 4, bytes);
      }
      first -= to_second;
      second += to_second;
    };
    constexpr std::size_t group = 4;
    for (; static_cast<std::size_t>(end - item) >= group * stride_in; item += group * stride_in) {
      for (std::size_t k = 0; k < group; ++k) route_one(k);
      first += group * stride;
    }
    for (; item != end; item += stride_in) {
      route_one(0);
      first += stride;
    }
    if (seen >= hops) return Outcome::corrupt;  // no_hop: a destination that is no rank
    blocks_[0].resume(first);
    blocks_[1].resume(second);
    routed_ += room;
    cursor.item += static_cast<std::uint32_t>(room);
  }
  return Outcome::done;
}

Router::Outcome Router::route_variable(const Run& run, std::uint32_t hop_limit,
                                       RouteCursor& cursor) noexcept {
  wire::ItemReader items(run, Form::routed);
  wire::Item item;
  const Table hop_of = table(hop_limit);
  for (std::uint32_t i = 0; i < run.header.count; ++i) {
    if (!items.next(item)) return Outcome::corrupt;
    if (i < cursor.item) continue;  // routed before the walk stopped
    const std::uint32_t hop = hop_of(item.dest);
    if (hop == no_hop) return Outcome::corrupt;
    BlockBuilder& block = blocks_[hop];
    if (!block.append_variable(run.header.handler, item)) {
      if (block.empty()) return Outcome::corrupt;  // larger than any block of ours
      if (!sink_.flush_full(hop)) return Outcome::blocked;
      if (!block.append_variable(run.header.handler, item)) return Outcome::corrupt;
    }
    cursor.item = i + 1;
    ++routed_;
  }
  return items.bytes_left() == 0 ? Outcome::done : Outcome::corrupt;
}

bool Router::make_room(std::uint32_t hop, const RunHeader& header) noexcept {
  BlockBuilder& block = blocks_[hop];
  const std::size_t stride = wire::item_stride(header.item_bytes, block.form());
  if (block.open_run(header.handler, header.item_bytes, stride)) return true;
  return sink_.flush_full(hop) && block.open_run(header.handler, header.item_bytes, stride);
}

}  // namespace buddy::engine
