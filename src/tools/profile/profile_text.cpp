#include "tools/profile/profile_text.hpp"

#include <fmt/core.h>

#include <array>
#include <cstdint>
#include <string_view>

#include "tools/report/dpu_json.hpp"
#include "tools/report/json.hpp"

namespace buddy::tools {
namespace {

constexpr std::array<std::string_view, 7> activities = {
    "application", "handlers", "buddy", "engine", "network", "waiting", "mpi"};

std::string scaled(const Json& value, double unit, int digits, std::string_view suffix = {}) {
  if (!value.is_number()) return "-";
  return fmt::format("{:.{}f}{}", value.get<double>() / unit, digits, suffix);
}

std::string count(const Json& value) {
  return value.is_number() ? fmt::format("{}", value.get<std::uint64_t>()) : "-";
}

std::string percent(const Json& value) { return scaled(value, 0.01, 0, " %"); }

std::string heading(const Json& profile) {
  const Json& job = profile["job"];
  const Json& total = profile["total"];
  return fmt::format("{} rank(s) on {} node(s), {} placement, fabric {}: {} s\n",
                     job["ranks"].get<int>(), job["nodes"].get<int>(),
                     job["placement"].get<std::string>(), job["fabric"].get<std::string>(),
                     scaled(total["seconds"], 1, 4));
}

std::string emulation(const Json& profile) {
  const Json& dpu = profile["job"]["dpu"];
  return dpu.is_null() ? "" : fmt::format("emulated       {}\n", dpu_words(dpu));
}

std::string doubts(const Json& profile) {
  std::string text;
  for (const Json& doubt : profile["doubts"]) {
    text += fmt::format("in doubt       {}\n", doubt["text"].get<std::string>());
  }
  return text;
}

std::string messages(const Json& total) {
  const Json& flushes = total["flushes"];
  std::string text = fmt::format(
      "messages       {} sent, {} handled; payload {} MB, of that {} MB to other nodes, which took "
      "{} MB on the wire\n",
      total["messages"].get<std::uint64_t>(), total["messages_handled"].get<std::uint64_t>(),
      scaled(total["payload_bytes"], 1e6, 3), scaled(total["remote_payload_bytes"], 1e6, 3),
      scaled(total["wire_bytes"], 1e6, 3));
  text += fmt::format(
      "blocks         {}, {} full on average; published because full {}, polling or waiting {}, "
      "engine idle {}; {} stalls, {} blocks queued by handlers; {} barriers\n",
      total["blocks"].get<std::uint64_t>(), percent(total["block_fill"]),
      flushes["full"].get<std::uint64_t>(), flushes["poll"].get<std::uint64_t>(),
      flushes["idle"].get<std::uint64_t>(), total["stalls"].get<std::uint64_t>(),
      total["overflow_blocks"].get<std::uint64_t>(), total["barriers"].get<std::uint64_t>());
  return text;
}

/// Nothing where no engine forwards for others.
std::string routing(const Json& profile) {
  const Json& total = profile["total"];
  const auto name = profile["job"]["routing"].get<std::string>();
  if (name == "direct") return {};
  return fmt::format(
      "routing        {}: {} of the records between engines were forwarded by a third one ({} sent "
      "along groups, {} across, {} of them forwarded)\n",
      name, percent(total["forwarded_share"]), count(total["records_along"]),
      count(total["records_across"]), count(total["records_forwarded"]));
}

std::string memory(const Json& profile) {
  const Json& total = profile["total"];
  std::string text = fmt::format("memory         peak of a rank {} MiB",
                                 scaled(total["peak_memory_bytes"], 1 << 20, 1));
  if (total["dram_bytes_host"].is_number()) {
    text += fmt::format("; traffic of the ranks {} MB, of engines {} MB ({})",
                        scaled(total["dram_bytes_host"], 1e6, 1),
                        scaled(total["dram_bytes_engine"], 1e6, 1),
                        total["dram_method"].get<std::string>());
  }
  const auto& how = profile["dram"]["text"].get_ref<const std::string&>();
  text += how.empty() ? "\n" : fmt::format("\n               {}\n", how);
  text += fmt::format(
      "ratio          {} bytes of memory traffic per byte of payload sent to other "
      "nodes\n",
      scaled(total["memory_to_communication_ratio"], 1, 2));
  return text;
}

std::string time_row(const std::string& name, const Json& figures) {
  std::string text =
      fmt::format("  {:<6} {:>9} {:>8} {:>8} {:>6}  ", name, scaled(figures["seconds"], 1, 4),
                  scaled(figures["user_seconds"], 1, 3), scaled(figures["system_seconds"], 1, 3),
                  percent(figures["host_cpu_utilization"]));
  for (const std::string_view activity : activities) {
    text += fmt::format(" {:>11}", scaled(figures["time"][std::string(activity)], 1, 4));
  }
  return text + '\n';
}

std::string times(const Json& profile) {
  std::string text =
      fmt::format("  {:<6} {:>9} {:>8} {:>8} {:>6}  ", "rank", "seconds", "user", "system", "CPU");
  for (const std::string_view activity : activities) text += fmt::format(" {:>11}", activity);
  text += '\n';
  for (const Json& rank : profile["ranks"]) {
    text += time_row(fmt::format("{}", rank["rank"].get<int>()), rank);
  }
  return text + time_row("all", profile["total"]);
}

std::string engines(const Json& profile) {
  std::string text;
  for (const Json& engine : profile["engines"]) {
    if (engine["embedded"].get<bool>()) continue;
    const Json& counters = engine["counters"];
    text += fmt::format(
        "engine of node {}, agent {}: CPU {} s; {} records routed, {} MB in, {} MB out, {} stalls, "
        "{} sleeps",
        engine["node"].get<int>(), engine["agent"].get<int>(), scaled(engine["cpu_seconds"], 1, 4),
        counters["records_routed"].get<std::uint64_t>(), scaled(counters["bytes_in"], 1e6, 1),
        scaled(counters["bytes_out"], 1e6, 1), counters["stalls"].get<std::uint64_t>(),
        counters["sleeps"].get<std::uint64_t>());
    if (engine["peak_memory_bytes"].is_number()) {
      text +=
          fmt::format("; its process: user {} s, system {} s, peak {} MiB",
                      scaled(engine["user_seconds"], 1, 3), scaled(engine["system_seconds"], 1, 3),
                      scaled(engine["peak_memory_bytes"], 1 << 20, 1));
    }
    text += '\n';
  }
  const Json& total = profile["total"];
  if (text.empty()) return text;
  return text + fmt::format("engines        CPU {} s, {} of their threads\n",
                            scaled(total["engine_cpu_seconds"], 1, 4),
                            percent(total["engine_cpu_utilization"]));
}

}  // namespace

std::string format_profile(const Json& profile) {
  return heading(profile) + emulation(profile) + doubts(profile) + messages(profile["total"]) +
         routing(profile) + memory(profile) +
         "time, s: user and system are CPU time; the rest is wall time by what it was spent on\n" +
         times(profile) + engines(profile);
}

}  // namespace buddy::tools
