#include "tools/bench/bench_dram.hpp"

#include <fcntl.h>
#include <fmt/core.h>

#include <algorithm>

#include "launch/process/capture.hpp"
#include "launch/process/signal_gate.hpp"
#include "tools/bench/small_problem.hpp"
#include "tools/profile/dram_measurement.hpp"
#include "tools/report/json.hpp"

namespace buddy::tools {
namespace {

/// What MPI alone moves is not Buddy's to compare.
std::vector<Contender> measured_contenders(const BenchCase& bench) {
  std::vector<Contender> chosen;
  std::copy_if(bench.contenders.begin(), bench.contenders.end(), std::back_inserter(chosen),
               [](Contender contender) { return contender != Contender::alltoallv; });
  return chosen;
}

DramMeasurement measure(const BenchCase& bench, Contender contender, const DramChoice& dram,
                        const launch::Launcher& launcher, Progress& progress) {
  const SmallProblem small =
      smaller_problem(bench.workload, {bench.program.begin() + 1, bench.program.end()});
  DramRequest request{
      .method = dram.method, .job = bench.job, .program = bench.program, .cache = dram.cache};
  request.job.placement = place_of(contender);
  request.small_program = {bench.program.front()};
  request.small_program.insert(request.small_program.end(), small.arguments.begin(),
                               small.arguments.end());
  request.cache_divisor = small.cache_divisor;
  const launch::Capture output;
  const UniqueFd nothing(open("/dev/null", O_RDONLY | O_CLOEXEC));
  return measure_dram(
      request, launcher,
      {.stdin_fd = nothing.get(), .stdout_fd = output.fd(), .stderr_fd = output.fd(), .tick = [&] {
         progress.tick();
       }});
}

std::optional<double> scaled(const std::optional<double>& bytes, double factor) {
  return bytes ? std::optional(*bytes * factor) : std::nullopt;
}

/// The measured run, to be repeated.
Json describe(const DramMeasurement& measured, double factor) {
  const MemoryTraffic& traffic = measured.traffic;
  return {{"text", traffic.text},
          {"program", measured.program},
          {"cache", *traffic.cache},
          {"cache_source", *traffic.cache_source},
          {"messages", measured.messages},
          {"remote_payload_bytes", measured.remote_payload_bytes},
          {"dram_bytes_host", or_null(traffic.host_bytes)},
          {"dram_bytes_engine", or_null(traffic.engine_bytes)},
          {"scaled_by", factor},
          {"unavailable", *traffic.unavailable}};
}

void fill_in(const DramMeasurement& measured, Record& record) {
  if (!measured.measured() || measured.messages <= 0) return;
  const double factor = (*record.measured)["messages"].get<double>() / measured.messages;
  record.dram = RecordDram{.host_bytes = scaled(measured.traffic.host_bytes, factor),
                           .engine_bytes = scaled(measured.traffic.engine_bytes, factor),
                           .ratio = measured.traffic.ratio,
                           .method = measured.traffic.method,
                           .details = describe(measured, factor)};
}

std::string per_message(const char* side, const std::optional<double>& bytes, double messages) {
  if (!bytes || messages <= 0) return {};
  return fmt::format("{} {:.2f} ", side, *bytes / messages);
}

std::string format(Contender contender, const DramMeasurement& measured) {
  const MemoryTraffic& traffic = measured.traffic;
  if (!measured.measured()) {
    return fmt::format("  {:<10} {}\n", to_string(contender), traffic.text);
  }
  return fmt::format("  {:<10} memory traffic, bytes per message: {}{}ratio {} ({})\n",
                     to_string(contender),
                     per_message("host", traffic.host_bytes, measured.messages),
                     per_message("engine", traffic.engine_bytes, measured.messages),
                     traffic.ratio ? fmt::format("{:.2f}", *traffic.ratio) : "-", traffic.method);
}

}  // namespace

int memory_traffic_runs(const BenchCase& bench) {
  return static_cast<int>(measured_contenders(bench).size());
}

BenchDram add_memory_traffic(const BenchCase& bench, const DramChoice& dram,
                             const launch::Launcher& launcher, Progress& progress,
                             std::vector<Record>& records) {
  BenchDram result;
  std::string how;
  for (const Contender contender : measured_contenders(bench)) {
    progress.start_step(fmt::format("{} {}, memory traffic", bench.workload, to_string(contender)));
    const DramMeasurement measured = measure(bench, contender, dram, launcher, progress);
    progress.finish_step();
    result.text += format(contender, measured);
    if (measured.measured()) how = measured.traffic.text;
    for (Record& record : records) {
      if (record.step.contender == contender) fill_in(measured, record);
    }
    if (measured.exit_code > 128 && launch::asks_to_stop(measured.exit_code - 128)) {
      result.exit_code = measured.exit_code;
      return result;
    }
  }
  if (!how.empty()) result.text += fmt::format("  {:<10} {}\n", "", how);
  return result;
}

}  // namespace buddy::tools
