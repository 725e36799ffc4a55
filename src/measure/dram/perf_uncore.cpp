#include "measure/dram/perf_uncore.hpp"

#include <fstream>
#include <optional>
#include <utility>

#include "base/small_files.hpp"

namespace buddy::measure {
namespace {

using Events = std::vector<PerfEvent>;

/// Adds all events of \p pmu whose names begin with one of \p prefixes.
Status add_named(const PerfPmu& pmu, std::initializer_list<std::string_view> prefixes,
                 Events& events) {
  for (const std::string& name : pmu.event_names()) {
    for (const std::string_view prefix : prefixes) {
      if (!name.starts_with(prefix)) continue;
      auto event = pmu.named_event(name);
      if (!event.ok()) return event.status();
      events.push_back(std::move(event.value()));
    }
  }
  return {};
}

Status add_intel(const std::string& devices, Events& events) {
  const std::vector<PerfPmu> controllers = pmus_named(devices, "uncore_imc");
  for (const PerfPmu& pmu : controllers) {
    const Status added = add_named(pmu, {"cas_count_read", "cas_count_write"}, events);
    if (!added.ok()) return added;
  }
  if (!events.empty()) return {};
  for (const PerfPmu& pmu : controllers) {
    const Status added = add_named(pmu, {"data_read", "data_write"}, events);
    if (!added.ok()) return added;
  }
  return {};
}

Status add_event(const PerfPmu& pmu, const std::string& label, const PerfPmu::Terms& terms,
                 Events& events) {
  auto event = pmu.event_of(label, terms);
  if (!event.ok()) return event.status();
  events.push_back(std::move(event.value()));
  return {};
}

Status add_amd_controllers(const std::string& devices, Events& events) {
  constexpr std::uint64_t cas_command = 0x0a;
  for (const PerfPmu& pmu : pmus_named(devices, "amd_umc")) {
    Status added =
        add_event(pmu, "umc_cas_cmd.rd", {{"event", cas_command}, {"rdwrmask", 1}}, events);
    if (added.ok()) {
      added = add_event(pmu, "umc_cas_cmd.wr", {{"event", cas_command}, {"rdwrmask", 2}}, events);
    }
    if (!added.ok()) return added;
  }
  return {};
}

struct CpuModel {
  std::uint64_t family = 0;
  std::uint64_t model = 0;
};

std::optional<CpuModel> cpu_model(const std::string& cpuinfo) {
  std::ifstream file(cpuinfo);
  std::optional<std::uint64_t> family;
  std::optional<std::uint64_t> model;
  for (std::string line; (!family || !model) && std::getline(file, line);) {
    const std::size_t colon = line.find(": ");
    if (colon == std::string::npos) continue;
    const auto value = parse_number(std::string_view(line).substr(colon + 2));
    if (line.starts_with("cpu family")) family = value;
    if (line.starts_with("model\t")) model = value;
  }
  if (!family || !model) return std::nullopt;
  return CpuModel{*family, *model};
}

/// What a fabric's counters know of memory: one event number per channel, 64 bytes a count.
struct FabricEvents {
  std::uint64_t first_event;
  std::uint64_t channels;
  std::vector<std::pair<const char*, std::uint64_t>> kinds;  ///< label and unit mask
};

bool is_zen4(const CpuModel& cpu) {
  return cpu.family == 0x19 &&
         ((cpu.model >= 0x10 && cpu.model <= 0x1f) || (cpu.model >= 0x60 && cpu.model <= 0x7f) ||
          (cpu.model >= 0xa0 && cpu.model <= 0xaf));
}

std::optional<FabricEvents> fabric_events(const CpuModel& cpu) {
  if (is_zen4(cpu)) return FabricEvents{0x1f, 12, {{"read_beats", 0x7fe}, {"write_beats", 0x7ff}}};
  if (cpu.family == 0x1a) {
    return FabricEvents{0x1f, 12, {{"read_beats", 0xffe}, {"write_beats", 0xfff}}};
  }
  if (cpu.family >= 0x17 && cpu.family <= 0x19) {
    return FabricEvents{0x07, 8, {{"dram_channel_data", 0x38}}};
  }
  return std::nullopt;
}

Status add_amd_fabric(const PerfTree& tree, Events& events) {
  const std::vector<PerfPmu> fabrics = pmus_named(tree.devices(), "amd_df");
  if (fabrics.empty()) return {};
  const auto cpu = cpu_model(tree.cpuinfo());
  const auto known = cpu ? fabric_events(*cpu) : std::nullopt;
  if (!known) {
    return {ErrorCode::system,
            "amd_df cannot be used (its events are not known for this processor: family " +
                std::to_string(cpu ? cpu->family : 0) + ", model " +
                std::to_string(cpu ? cpu->model : 0) + ") choose another method"};
  }
  constexpr std::uint64_t next_channel = 0x40;
  for (const auto& [label, mask] : known->kinds) {
    for (std::uint64_t channel = 0; channel < known->channels; ++channel) {
      const Status added = add_event(
          fabrics.front(), label + std::to_string(channel),
          {{"event", known->first_event + channel * next_channel}, {"umask", mask}}, events);
      if (!added.ok()) return added;
    }
  }
  return {};
}

}  // namespace

Result<std::vector<PerfEvent>> memory_events(const PerfTree& tree) {
  Events events;
  Status status = add_intel(tree.devices(), events);
  if (status.ok() && events.empty()) status = add_amd_controllers(tree.devices(), events);
  if (status.ok() && events.empty()) status = add_amd_fabric(tree, events);
  if (!status.ok()) return status;
  if (!events.empty()) return events;
  return Status(ErrorCode::system,
                "there are no counters of memory traffic (" + tree.devices() +
                    " has neither uncore_imc* nor amd_umc* nor amd_df) run on the bare machine "
                    "instead of a virtual one, with the kernel's uncore driver loaded");
}

}  // namespace buddy::measure
