#include "tools/predict/emulated_dpus.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>

#include "base/dpu_emulation.hpp"
#include "base/small_files.hpp"

namespace buddy::tools {
namespace {

constexpr std::string_view slowdown_key = "slowdown=";

predict::EmulatedDpu figures_of(const DpuEmulation& dpu) {
  predict::EmulatedDpu figures{.slowdown = dpu.slowdown, .latency_us = dpu.latency_us};
  if (dpu.gbit > 0) figures.gbit = dpu.gbit;
  return figures;
}

}  // namespace

Result<std::vector<predict::EmulatedDpu>> parse_emulated_dpus(const std::string& text,
                                                              std::string_view option) {
  std::vector<std::string> slowdowns;
  std::string rest;
  bool in_slowdowns = false;
  for (std::string_view part : split(text, ',')) {
    const bool begins = part.starts_with(slowdown_key);
    if (begins && !slowdowns.empty()) {
      return Status(ErrorCode::invalid_argument,
                    fmt::format("{}: 'slowdown' is there twice (it has one list) name it once: "
                                "slowdown=1.5,2.5",
                                option));
    }
    if (begins) part.remove_prefix(slowdown_key.size());
    in_slowdowns = begins || (in_slowdowns && part.find('=') == std::string_view::npos);
    if (in_slowdowns) {
      slowdowns.emplace_back(part);
    } else {
      rest += fmt::format("{}{}", rest.empty() ? "" : ",", part);
    }
  }
  std::vector<std::string> each;
  for (const std::string& slowdown : slowdowns) {
    each.push_back(fmt::format("{}{}{}{}", slowdown_key, slowdown, rest.empty() ? "" : ",", rest));
  }
  if (slowdowns.empty()) each = {rest};
  std::vector<predict::EmulatedDpu> dpus;
  for (const std::string& one : each) {
    const auto dpu = parse_dpu(one, option);
    if (!dpu.ok()) return dpu.status();
    dpus.push_back(figures_of(dpu.value()));
    if (std::count(dpus.begin(), dpus.end(), dpus.back()) == 1) continue;
    return Status(ErrorCode::invalid_argument,
                  fmt::format("{}: {} is there twice (one measurement is enough) name it once",
                              option, to_string(dpus.back())));
  }
  return dpus;
}

bool describes_dpu(const std::string& word) {
  const std::size_t equals = word.find('=');
  return equals != std::string::npos && word.find('/') == std::string::npos;
}

}  // namespace buddy::tools
