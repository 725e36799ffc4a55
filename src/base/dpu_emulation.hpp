// An engine that is slower and farther away than it is: an emulated DPU.
// How good the emulation is: docs/design/dpu_emulation.md
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.hpp"

namespace buddy {

/// What is emulated. The default changes nothing.
struct DpuEmulation {
  /// A unit of the engine's work takes so many times as long; 1 and more.
  double slowdown = 1;
  /// After which a frame between a rank and its engine arrives, one way, microseconds.
  double latency_us = 0;
  /// Of all frames between an engine and its ranks, each way, 10^9 bits/s; 0: not limited.
  double gbit = 0;
  std::string preset{};  ///< name of the one that this is, or empty

  bool changes_nothing() const noexcept { return slowdown == 1 && latency_us == 0 && gbit == 0; }
  std::uint64_t latency_ns() const noexcept {
    return static_cast<std::uint64_t>(latency_us * 1e3 + 0.5);
  }
  /// Whether frames are held back.
  bool delays() const noexcept { return latency_us > 0 || gbit > 0; }
};

/// Reads "bluefield3" or "slowdown=2.5,latency_us=1.2,gbit=200", in any order; what is not named
/// stays as in the default.
/// \param option that took it, for messages
/// Errors: invalid_argument.
Result<DpuEmulation> parse_dpu(std::string_view text, std::string_view option = "--dpu");
/// In the form that parse_dpu() reads; the preset's name if it is one.
std::string to_string(const DpuEmulation& dpu);

inline constexpr std::string_view default_dpu = "bluefield3";

}  // namespace buddy
