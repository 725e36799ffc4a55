#include "predict/engine_description.hpp"

#include <array>
#include <charconv>

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

std::string shortest(double value) {
  std::array<char, 32> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), error == std::errc() ? end : text.data()};
}

}  // namespace

std::string to_string(const EmulatedDpu& dpu) {
  std::string text = "slowdown=" + shortest(dpu.slowdown);
  if (dpu.latency_us > 0) text += ",latency_us=" + shortest(dpu.latency_us);
  if (dpu.gbit) text += ",gbit=" + shortest(*dpu.gbit);
  return text;
}

EngineDescription emulated_engine(const EmulatedDpu& dpu) {
  EngineDescription engine;
  engine.name = to_string(dpu);
  engine.text = "an emulated DPU: one core of the profiled machine, slowed down";
  engine.speed = 1 / dpu.slowdown;
  engine.network_speed = engine.speed;
  engine.link_latency_us = dpu.latency_us;
  if (dpu.gbit) engine.link_gb_per_s = *dpu.gbit / 8;
  engine.extrapolated = dpu != EmulatedDpu{};
  return engine;
}

std::optional<EngineDescription> preset_engine(std::string_view name) {
  if (name == "x86") return x86();
  if (name == "bluefield3") return bluefield3();
  return std::nullopt;
}

}  // namespace buddy::predict
