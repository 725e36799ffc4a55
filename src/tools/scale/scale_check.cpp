#include "tools/scale/scale_check.hpp"

namespace buddy::tools {
namespace {

/// So that two wrong stamps do not make up for each other.
std::uint64_t mixed(Stamp stamp) noexcept {
  std::uint64_t value = (std::uint64_t{stamp.source} << 32) + stamp.number;
  value = (value ^ (value >> 31)) * 0x9e3779b97f4a7c15;
  return value ^ (value >> 29);
}

}  // namespace

Deliveries::Deliveries(std::uint32_t ranks)
    : ranks_(ranks), sent_(ranks), arrived_(ranks), newest_(std::size_t{ranks} * ranks) {}

std::uint64_t Deliveries::memory_bytes(std::uint32_t ranks) {
  return std::uint64_t{ranks} * ranks * sizeof(std::uint32_t) + 2 * ranks * sizeof(Sum);
}

void Deliveries::sent(std::uint32_t dest, Stamp stamp) noexcept {
  ++sent_[dest].messages;
  sent_[dest].mixed += mixed(stamp);
}

void Deliveries::arrived(std::uint32_t rank, Stamp stamp) noexcept {
  ++messages_;
  ++arrived_[rank].messages;
  arrived_[rank].mixed += mixed(stamp);
  if (stamp.source >= ranks_) {
    in_order_ = false;
    return;
  }
  std::uint32_t& newest = newest_[std::size_t{rank} * ranks_ + stamp.source];
  if (stamp.number <= newest) in_order_ = false;
  newest = stamp.number;
}

bool Deliveries::complete() const noexcept { return in_order_ && sent_ == arrived_; }

}  // namespace buddy::tools
