#include "launch/job_load.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "base/affinity.hpp"
#include "base/clock.hpp"
#include "base/cpu_quota.hpp"

namespace buddy::launch {
namespace {

/// Between two looks of most kernels at what a CPU does.
constexpr double look_seconds = 0.004;

/// Two standard deviations, at most, of what looks during so much time say.
double chance_seconds(double time_seconds) {
  return look_seconds * std::sqrt(time_seconds / look_seconds);
}

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

double cpu_seconds_of(int who) {
  rusage usage{};
  getrusage(who, &usage);
  return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

double own_cpu_seconds() { return cpu_seconds_of(RUSAGE_SELF) + cpu_seconds_of(RUSAGE_CHILDREN); }

std::vector<int> cpus_of(const JobPlan& plan) {
  std::set<int> cpus(plan.host_cpus.begin(), plan.host_cpus.end());
  if (plan.engines() > 0) {
    const auto engine_cpus = plan.engine_cpus.empty() ? allowed_cpus() : plan.engine_cpus;
    cpus.insert(engine_cpus.begin(), engine_cpus.end());
  }
  return {cpus.begin(), cpus.end()};
}

}  // namespace

std::optional<double> JobLoad::others_cpu_seconds_in(double part_seconds) const {
  if (!others_cpu_seconds || seconds <= 0) return others_cpu_seconds;
  return *others_cpu_seconds * std::min(1.0, part_seconds / seconds);
}

LoadMeter::LoadMeter(const JobPlan& plan) : LoadMeter(cpus_of(plan)) {}

LoadMeter::LoadMeter(std::vector<int> cpus)
    : begun_ns_(monotonic_ns()),
      cpus_(std::move(cpus)),
      all_before_(read_cpu_load(cpus_)),
      throttled_before_(read_throttled_seconds()),
      own_before_(own_cpu_seconds()) {}

JobLoad LoadMeter::read() const {
  JobLoad load{.seconds = static_cast<double>(monotonic_ns() - begun_ns_) * 1e-9,
               .own_cpu_seconds = own_cpu_seconds() - own_before_};
  if (const auto throttled = read_throttled_seconds(); throttled && throttled_before_) {
    load.throttled_cpu_seconds = *throttled - *throttled_before_;
  }
  const auto all = read_cpu_load(cpus_);
  if (!all || !all_before_) return load;
  const double busy = all->busy_seconds - all_before_->busy_seconds;
  const double chance = chance_seconds(load.seconds * static_cast<double>(cpus_.size()));
  load.others_cpu_seconds = std::max(0.0, busy - load.own_cpu_seconds - chance);
  load.stolen_cpu_seconds = std::max(0.0, all->stolen_seconds - all_before_->stolen_seconds);
  return load;
}

}  // namespace buddy::launch
