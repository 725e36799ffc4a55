// Whether every message of a simulated job arrives, once, where it should, and in order.
#pragma once

#include <cstdint>
#include <vector>

namespace buddy::tools {

/// A message as 8 bytes: the rank that sent it, and its number among that rank's messages.
struct Stamp {
  std::uint32_t source;
  std::uint32_t number;  ///< from 1
};

/// Keeps what was sent to each rank and what arrived there.
/// Cost: 4 bytes for every pair of ranks.
class Deliveries {
 public:
  explicit Deliveries(std::uint32_t ranks);
  static std::uint64_t memory_bytes(std::uint32_t ranks);

  void sent(std::uint32_t dest, Stamp stamp) noexcept;
  void arrived(std::uint32_t rank, Stamp stamp) noexcept;
  /// Whether each rank got what was sent to it and nothing else, in the order of each source.
  bool complete() const noexcept;
  std::uint64_t messages() const noexcept { return messages_; }

 private:
  struct Sum {
    std::uint64_t messages = 0;
    std::uint64_t mixed = 0;  ///< of all stamps; the order does not count
    bool operator==(const Sum&) const = default;
  };
  std::uint32_t ranks_;
  std::vector<Sum> sent_;
  std::vector<Sum> arrived_;
  std::vector<std::uint32_t> newest_;  ///< by destination and source
  std::uint64_t messages_ = 0;         ///< arrived
  bool in_order_ = true;
};

}  // namespace buddy::tools
