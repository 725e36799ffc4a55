#include "predict/host_run.hpp"

#include <algorithm>

namespace buddy::predict {

RankWork operator+(const RankWork& a, const RankWork& b) {
  return {a.application + b.application, a.handlers + b.handlers, a.buddy + b.buddy,
          a.engine + b.engine,           a.network + b.network,   a.mpi + b.mpi,
          a.waiting + b.waiting};
}

RankWork HostRun::total() const {
  RankWork all;
  for (const RankWork& rank : ranks) all = all + rank;
  return all;
}

int HostRun::busy_cpus() const {
  return std::max(1, std::min(host_cpus, static_cast<int>(ranks.size())));
}

double HostRun::idle_seconds() const {
  const RankWork all = total();
  const double busy = all.sum() - all.waiting;
  return std::max(0.0, seconds - busy / busy_cpus());
}

RankWork scale_to_cpu_time(const RankWork& wall, double cpu_seconds) {
  const double all = wall.sum();
  const double scale = all > 0 ? std::min(1.0, cpu_seconds / all) : 0.0;
  return {wall.application * scale, wall.handlers * scale, wall.buddy * scale,  wall.engine * scale,
          wall.network * scale,     wall.mpi * scale,      wall.waiting * scale};
}

}  // namespace buddy::predict
