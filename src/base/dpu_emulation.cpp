#include "base/dpu_emulation.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <optional>

#include "base/small_files.hpp"

namespace buddy {
namespace {

constexpr double most_slowdown = 1000;
constexpr double most_latency_us = 1e5;
constexpr double least_gbit = 0.1;
constexpr double most_gbit = 1e6;

Status invalid(const std::string& problem, const std::string& why, const std::string& advice) {
  return {ErrorCode::invalid_argument, problem + " (" + why + ") " + advice};
}

/// 400 Gbit/s of network and PCIe 5.0 x16 are the maker's figures. That a core needs twice as long
/// as the host's, and that a frame needs a microsecond to the other side, are assumptions: the same
/// as those of `buddy predict --engine bluefield3`.
DpuEmulation bluefield3() {
  return {.slowdown = 2, .latency_us = 1, .gbit = 400, .preset = std::string(default_dpu)};
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

struct Key {
  std::string_view name;
  double DpuEmulation::*value;
  double least;
  double most;
  const char* limits;
};

constexpr std::array keys = {
    Key{"slowdown", &DpuEmulation::slowdown, 1, most_slowdown, "1 to 1000"},
    Key{"latency_us", &DpuEmulation::latency_us, 0, most_latency_us, "0 to 100000 microseconds"},
    Key{"gbit", &DpuEmulation::gbit, least_gbit, most_gbit, "0.1 to 1000000 Gbit/s"},
};

std::string shortest(double value) {
  std::array<char, 32> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), error == std::errc() ? end : text.data()};
}

/// In the form that parse_dpu() reads.
std::string figures_of(const DpuEmulation& dpu) {
  std::string text =
      "slowdown=" + shortest(dpu.slowdown) + ",latency_us=" + shortest(dpu.latency_us);
  if (dpu.gbit > 0) text += ",gbit=" + shortest(dpu.gbit);
  return text;
}

Status read_part(std::string_view part, DpuEmulation& dpu, std::array<bool, keys.size()>& seen) {
  const std::size_t equals = part.find('=');
  const std::string word(part.substr(0, equals));
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const Key& key = keys[i];
    if (key.name != word || equals == std::string_view::npos) continue;
    if (seen[i])
      return invalid("'" + word + "' is there twice", "it has one value", "name it once");
    seen[i] = true;
    const std::string text(part.substr(equals + 1));
    const auto value = number(text);
    if (!value || *value < key.least || *value > key.most) {
      return invalid("'" + text + "' is no " + word, std::string("allowed: ") + key.limits,
                     "correct it");
    }
    dpu.*key.value = *value;
    return {};
  }
  if (word == default_dpu) {
    return invalid("'" + word + "' stands alone", "it has all figures",
                   "leave out the others, or give figures alone: " + figures_of(bluefield3()));
  }
  if (equals == std::string_view::npos) {
    return invalid("there is no emulated DPU '" + word + "'", "bluefield3 exists",
                   "name it, or give figures like slowdown=2.5,latency_us=1.2,gbit=200");
  }
  return invalid("'" + word + "' is not known", "slowdown, latency_us and gbit exist",
                 "choose one of them");
}

}  // namespace

Result<DpuEmulation> parse_dpu(std::string_view text, std::string_view option) {
  if (text == default_dpu) return bluefield3();
  DpuEmulation dpu;
  std::array<bool, keys.size()> seen{};
  for (const std::string_view part : split(text, ',')) {
    const Status status = read_part(part, dpu, seen);
    if (!status.ok()) return Status(status.code(), std::string(option) + ": " + status.message());
  }
  return dpu;
}

std::string to_string(const DpuEmulation& dpu) {
  return dpu.preset.empty() ? figures_of(dpu) : dpu.preset;
}

}  // namespace buddy
