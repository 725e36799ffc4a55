// Messages larger than a block: cut by the sender, put together by the receiver.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <unordered_map>
#include <vector>

#include "arena/sizes.hpp"

namespace buddy::comm {

/// Handler number that marks fragments on the wire; never in the table.
inline constexpr std::uint32_t fragment_handler = 0xfffffffe;

/// First bytes of a fragment's payload. Layout in docs/formats/run.md.
struct FragmentHeader {
  std::uint32_t source;   ///< sending rank
  std::uint32_t handler;  ///< of the whole message
  std::uint64_t total_bytes;
  std::uint64_t offset;    ///< of this piece
  std::uint32_t stream;    ///< 0: sent by the program, 1: by a handler that ran meanwhile
  std::uint32_t reserved;  ///< 0
};
static_assert(sizeof(FragmentHeader) == 32);

/// Cuts a message. \param first header of the first fragment
/// \param send called with each fragment, which is gone when it returns
template <class Send>
void cut_message(FragmentHeader first, std::span<const std::byte> payload, Send send) {
  constexpr std::size_t most_bytes = arena::max_item_bytes - sizeof(FragmentHeader);
  std::vector<std::byte> fragment(arena::max_item_bytes);
  while (first.offset < payload.size()) {
    const std::size_t size = std::min(most_bytes, payload.size() - first.offset);
    std::memcpy(fragment.data(), &first, sizeof first);
    std::memcpy(fragment.data() + sizeof first, payload.data() + first.offset, size);
    send(std::span<const std::byte>(fragment).first(sizeof first + size));
    first.offset += size;
  }
}

/// One unfinished message per source and stream: their pieces arrive in order. A handler that runs
/// while its rank sends a large message may send one, too, and handlers do not nest: two streams.
/// A first piece drops what is unfinished in its stream: an exception ended the sending.
/// Memory grows with the pieces that have arrived, not with what a header claims.
/// Threads: the rank's.
class Reassembly {
 public:
  enum class Outcome { more, complete, corrupt };

  /// \return complete: message() holds the whole until the next add()
  Outcome add(std::span<const std::byte> fragment);

  std::uint32_t handler() const noexcept { return handler_; }
  std::span<const std::byte> message() const noexcept { return complete_; }

 private:
  struct Partial {
    std::uint32_t handler = 0;
    std::uint64_t total_bytes = 0;
    std::vector<std::byte> bytes;
  };
  std::unordered_map<std::uint64_t, Partial> partial_;  ///< by source and stream
  std::vector<std::byte> complete_;
  std::uint32_t handler_ = 0;
};

}  // namespace buddy::comm
