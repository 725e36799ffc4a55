#include "tools/profile/dram_measurement.hpp"

#include <fmt/core.h>

#include "base/affinity.hpp"
#include "measure/dram/dram_methods.hpp"
#include "tools/profile/sampled_run.hpp"
#include "tools/profile/simulated_run.hpp"
#include "tools/report/json.hpp"

namespace buddy::tools {
namespace {

/// What all methods are given.
struct Setting {
  const DramRequest& request;
  const launch::JobPlan& plan;
  const launch::Launcher& launcher;
  const launch::JobStreams& streams;
};

void note_failure(DramMeasurement& measurement, std::string_view method, const Status& why) {
  measurement.traffic.unavailable->push_back({{"method", method}, {"why", why.message()}});
}

/// Figures of a job that was run for its memory traffic.
void take_job(DramMeasurement& measurement, const ProfiledJob& job) {
  measurement.program = job.program;
  measurement.messages = job.sum("stats.messages_sent");
  measurement.payload_bytes = job.sum("stats.payload_bytes");
  measurement.remote_payload_bytes = job.sum_over_agents("counter.remote_payload_bytes");
  if (measurement.remote_payload_bytes > 0 && measurement.traffic.host_bytes) {
    measurement.traffic.ratio = *measurement.traffic.host_bytes / measurement.remote_payload_bytes;
  }
}

std::string mebibytes(double bytes) { return fmt::format("{:.1f} MiB", bytes / (1 << 20)); }

void take_sampled(DramMeasurement& measurement, const SampledRun& run, const launch::JobPlan& plan,
                  const measure::DramMeter& meter) {
  MemoryTraffic& traffic = measurement.traffic;
  traffic.method = meter.name();
  traffic.text = meter.what();
  traffic.host_bytes = run.host_bytes;
  if (plan.engines() > 0) traffic.engine_bytes = run.engine_bytes;
  if (!run.host_bytes && plan.engines() == 0) {
    traffic.host_bytes = run.total_bytes;
    traffic.text += ", whatever else ran meanwhile included";
  } else if (!run.host_bytes) {
    traffic.text +=
        fmt::format(": {} in all; it does not tell ranks from engines on the same machine",
                    mebibytes(run.total_bytes));
  }
}

/// What a reader has to know about where the geometry is from.
std::string_view reason_of(measure::CacheSource source) {
  return source == measure::CacheSource::assumed
             ? "; assumed, since this machine does not describe its own: --dram-cache names another"
             : "";
}

void take_simulated(DramMeasurement& measurement, const SimulatedRun& run,
                    const measure::SimulatedCache& simulated) {
  const measure::CacheGeometry& cache = simulated.geometry;
  MemoryTraffic& traffic = measurement.traffic;
  traffic.method = measure::method_name(run.counted);
  traffic.host_bytes = static_cast<double>(run.ranks.bytes(cache.line_bytes));
  if (run.engines) {
    traffic.engine_bytes = static_cast<double>(run.engines->bytes(cache.line_bytes));
  }
  *traffic.cache = cache.text();
  *traffic.cache_source = measure::to_string(simulated.source);
  traffic.text = fmt::format(
      "misses of a simulated last-level cache of {} ({} ways, one per process{}) times {} bytes, "
      "{}",
      mebibytes(static_cast<double>(cache.bytes)), cache.ways, reason_of(simulated.source),
      cache.line_bytes,
      run.counted == measure::Counted::region
          ? "in the region of interest"
          : "over the whole life of the processes, start and end included");
}

/// \return ok when the measurement has been filled in
Status try_meter(measure::DramMeter& meter, const Setting& setting, DramMeasurement& measurement) {
  Status status = meter.available();
  if (!status.ok()) return status;
  const auto run = run_sampled(meter, setting.plan, setting.launcher, setting.request.program,
                               setting.streams, measurement.exit_code);
  if (!run.ok()) return run.status();
  take_sampled(measurement, run.value(), setting.plan, meter);
  take_job(measurement, run.value().job);
  return {};
}

Status try_simulation(const Setting& setting, DramMeasurement& measurement) {
  const DramRequest& request = setting.request;
  measure::SimulatedCache cache = measure::cache_to_simulate(request.cache, request.described_cpu);
  cache.geometry = cache.geometry.divided_by(request.cache_divisor);
  const auto& program = request.small_program.empty() ? request.program : request.small_program;
  const auto run = run_simulated(cache.geometry, setting.plan, setting.launcher, program,
                                 setting.streams, measurement.exit_code);
  if (!run.ok()) return run.status();
  take_simulated(measurement, run.value(), cache);
  take_job(measurement, run.value().job);
  return {};
}

/// Tries one method. \return whether to go on with the next
bool go_on_after(std::string_view method, const Status& status, DramMeasurement& measurement) {
  if (status.ok()) return false;
  note_failure(measurement, method, status);
  return measurement.exit_code == 0;  // a program that fails would fail again
}

void explain_failure(const DramRequest& request, DramMeasurement& measurement) {
  const Json& unavailable = *measurement.traffic.unavailable;
  measurement.traffic.text = "memory traffic was not measured";
  if (request.method == measure::dram_none) {
    measurement.traffic.text += " (no method was asked for)";
  } else if (!unavailable.empty()) {
    measurement.traffic.text += ": " + unavailable.back()["why"].get<std::string>();
  }
}

}  // namespace

DramMeasurement measure_dram(const DramRequest& request, const launch::Launcher& launcher,
                             const launch::JobStreams& streams) {
  DramMeasurement measurement;
  const auto plan = launch::plan_job(request.job, allowed_cpus());
  if (!plan.ok()) {
    note_failure(measurement, request.method, plan.status());
    explain_failure(request, measurement);
    return measurement;
  }
  const Setting setting{request, plan.value(), launcher, streams};
  const auto wanted = [&](std::string_view method) {
    return request.method == measure::dram_auto || request.method == method;
  };
  bool go_on = true;
  for (const auto& meter : measure::dram_meters()) {
    if (!go_on || !wanted(meter->name())) continue;
    go_on = go_on_after(meter->name(), try_meter(*meter, setting, measurement), measurement);
  }
  if (go_on && wanted(measure::dram_cachegrind)) {
    go_on_after(measure::dram_cachegrind, try_simulation(setting, measurement), measurement);
  }
  if (measurement.program.empty()) explain_failure(request, measurement);
  return measurement;
}

}  // namespace buddy::tools
