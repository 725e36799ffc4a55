#include "comm/endpoint/fragments.hpp"

#include <utility>

#include "wire/run.hpp"

namespace buddy::comm {

Reassembly::Outcome Reassembly::add(std::span<const std::byte> fragment) {
  complete_ = {};
  if (fragment.size() <= sizeof(FragmentHeader)) return Outcome::corrupt;
  const auto header = wire::load<FragmentHeader>(fragment.data());
  if (header.stream > 1) return Outcome::corrupt;
  const auto piece = fragment.subspan(sizeof header);
  const std::uint64_t key = std::uint64_t{header.source} << 1 | header.stream;
  Partial& partial = partial_[key];
  if (header.offset == 0) partial = {header.handler, header.total_bytes, {}};
  const bool fits = header.handler == partial.handler &&
                    header.total_bytes == partial.total_bytes &&
                    header.offset == partial.bytes.size() &&
                    piece.size() <= partial.total_bytes - partial.bytes.size();
  if (!fits) return Outcome::corrupt;
  partial.bytes.insert(partial.bytes.end(), piece.begin(), piece.end());
  if (partial.bytes.size() != partial.total_bytes) return Outcome::more;
  handler_ = partial.handler;
  complete_ = std::move(partial.bytes);
  partial_.erase(key);
  return Outcome::complete;
}

}  // namespace buddy::comm
