#include "tools/profile/sampled_run.hpp"

#include <algorithm>
#include <functional>

#include "base/clock.hpp"
#include "launch/process/task_group.hpp"

namespace buddy::tools {
namespace {

constexpr int sample_ms = 10;

using Figure = std::optional<double> (*)(const measure::DramReading&);

/// Value at \p ns on the straight line between the samples around it.
double value_at(const std::vector<DramSample>& samples, std::uint64_t ns, Figure figure) {
  const auto after = std::find_if(samples.begin(), samples.end(),
                                  [&](const DramSample& sample) { return sample.ns >= ns; });
  if (after == samples.begin()) return *figure(samples.front().reading);
  if (after == samples.end()) return *figure(samples.back().reading);
  const DramSample& before = *std::prev(after);
  const double share =
      static_cast<double>(ns - before.ns) / static_cast<double>(after->ns - before.ns);
  const double from = *figure(before.reading);
  return from + share * (*figure(after->reading) - from);
}

/// Reads a meter every now and then until it fails.
class Sampler {
 public:
  explicit Sampler(measure::DramMeter& meter) : meter_(meter) {}

  void take() {
    if (!status_.ok()) return;
    const auto reading = meter_.read();
    if (!reading.ok()) {
      status_ = reading.status();
      return;
    }
    samples_.push_back({monotonic_ns(), reading.value()});
  }
  const Status& status() const { return status_; }
  const std::vector<DramSample>& samples() const { return samples_; }

 private:
  measure::DramMeter& meter_;
  std::vector<DramSample> samples_;
  Status status_;
};

struct Interval {
  std::uint64_t begin_ns = ~std::uint64_t{0};
  std::uint64_t end_ns = 0;
};

/// From the first rank's beginning to the last one's end.
Interval region_of(const ProfiledJob& job) {
  Interval region;
  for (const RankProfile& rank : job.ranks) {
    region.begin_ns =
        std::min(region.begin_ns, static_cast<std::uint64_t>(rank["region_begin_ns"]));
    region.end_ns = std::max(region.end_ns, static_cast<std::uint64_t>(rank["region_end_ns"]));
  }
  return region;
}

}  // namespace

std::optional<double> grown(const std::vector<DramSample>& samples, std::uint64_t begin_ns,
                            std::uint64_t end_ns, Figure figure) {
  if (samples.size() < 2) return std::nullopt;
  for (const DramSample& sample : samples) {
    if (!figure(sample.reading)) return std::nullopt;
  }
  return value_at(samples, end_ns, figure) - value_at(samples, begin_ns, figure);
}

Result<SampledRun> run_sampled(measure::DramMeter& meter, const launch::JobPlan& plan,
                               const launch::Launcher& launcher,
                               const std::vector<std::string>& program,
                               const launch::JobStreams& streams, int& exit_code) {
  const Status started = meter.start();
  if (!started.ok()) return started;
  Sampler sampler(meter);
  launch::JobStreams sampled = streams;
  sampled.tick_ms = sample_ms;
  sampled.tick = [&] {
    sampler.take();
    if (streams.tick) streams.tick();
  };
  const TaskFiles groups = meter.task_files();
  sampler.take();
  auto job = run_profiled(plan, launcher, program, launch::task_group_environment(groups), sampled,
                          exit_code);
  sampler.take();
  if (!job.ok()) return job.status();
  if (!sampler.status().ok()) return sampler.status();
  const Interval region = region_of(job.value());
  const auto figure = [&](Figure what) {
    return grown(sampler.samples(), region.begin_ns, region.end_ns, what);
  };
  SampledRun run{.job = std::move(job.value())};
  run.total_bytes = figure([](const measure::DramReading& reading) {
                      return std::optional(static_cast<double>(reading.total_bytes));
                    }).value_or(0);
  run.host_bytes = figure([](const measure::DramReading& reading) -> std::optional<double> {
    return reading.host_bytes;
  });
  run.engine_bytes = figure([](const measure::DramReading& reading) -> std::optional<double> {
    return reading.engine_bytes;
  });
  return run;
}

}  // namespace buddy::tools
