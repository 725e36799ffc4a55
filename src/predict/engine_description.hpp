// The engine that a prediction is for.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace buddy::predict {

/// Where engines would run. Speeds are relative to a core of the profiled host.
struct EngineDescription {
  std::string name;
  std::string text;          ///< what it is, for people
  int cores = 1;             ///< for all engines of a machine; a worker thread keeps one busy
  int workers = 1;           ///< threads of each engine
  double speed = 1;          ///< of a core, routing
  double network_speed = 1;  ///< of a core, in the network's library and the kernel
  std::optional<double> memory_gb_per_s{};      ///< that the engines' cores share
  std::optional<double> dram_bytes_per_byte{};  ///< memory traffic per byte that goes through
  std::optional<double> link_gb_per_s{};        ///< between ranks and engine, each way
  double link_latency_us = 0;                   ///< one way
  std::optional<double> wire_gb_per_s{};        ///< between nodes, each way
  bool extrapolated = false;  ///< not the kind of engine that the model was fitted on
};

/// "x86": another core of the profiled machine. "bluefield3": public figures of the DPU.
std::optional<EngineDescription> preset_engine(std::string_view name);

/// An emulated DPU, as `--dpu` has it: all engines of a machine share one core of the profiled
/// host, on which their work takes slowdown times as long.
struct EmulatedDpu {
  bool operator==(const EmulatedDpu&) const = default;

  double slowdown = 1;
  double latency_us = 0;         ///< between a rank and its engine, one way
  std::optional<double> gbit{};  ///< the same, 10^9 bits/s each way
};

/// "slowdown=2.5,latency_us=1.2,gbit=200"; what changes nothing is left out, but for the slowdown.
std::string to_string(const EmulatedDpu& dpu);
EngineDescription emulated_engine(const EmulatedDpu& dpu);

}  // namespace buddy::predict
