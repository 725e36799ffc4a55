#include "predict/engine_description.hpp"

namespace buddy::predict {
namespace {

EngineDescription x86() {
  EngineDescription engine;
  engine.name = "x86";
  engine.text = "spare cores of the profiled machine, like its others";
  return engine;
}

/// 16 Cortex-A78AE behind PCIe 5.0 x16, DDR5-5200 on 128 bits, 400 Gbit/s of network: the maker's
/// figures. A core's speed is an assumption (clock and width against a current server core), and so
/// is what a byte costs of memory traffic: one write and one read, as without direct cache access.
EngineDescription bluefield3() {
  EngineDescription engine;
  engine.name = "bluefield3";
  engine.text = "Nvidia BlueField-3, from public figures and assumptions, not measured";
  engine.cores = 16;
  engine.workers = 4;
  engine.speed = 0.5;
  engine.network_speed = 0.5;
  engine.memory_gb_per_s = 83;
  engine.dram_bytes_per_byte = 2;
  engine.link_gb_per_s = 50;
  engine.link_latency_us = 1;
  engine.wire_gb_per_s = 50;
  engine.extrapolated = true;
  return engine;
}

}  // namespace

std::optional<EngineDescription> preset_engine(std::string_view name) {
  if (name == "x86") return x86();
  if (name == "bluefield3") return bluefield3();
  return std::nullopt;
}

}  // namespace buddy::predict
