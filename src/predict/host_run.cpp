#include "predict/host_run.hpp"

#include <algorithm>

namespace buddy::predict {
namespace {

RankWork scaled(const RankWork& work, double by) {
  return {work.application * by, work.handlers * by, work.buddy * by,  work.engine * by,
          work.network * by,     work.mpi * by,      work.waiting * by};
}

}  // namespace

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

double HostRun::awaited() const {
  const double share = blocks > 0 ? std::min(1.0, partial_blocks / blocks) : 0.0;
  const double both = share * share;  // the rank's block, and the engine's that carries it on
  return both * both;                 // and the answer's
}

double HostRun::idle_seconds() const {
  const RankWork all = total();
  const double busy = all.sum() - all.waiting;
  return std::max(0.0, seconds - busy / busy_cpus());
}

HostRun mean_of(const std::vector<HostRun>& runs) {
  const double part = 1 / static_cast<double>(runs.size());
  HostRun mean = runs.front();
  for (double HostRun::*each : {&HostRun::seconds, &HostRun::messages, &HostRun::payload_bytes,
                                &HostRun::block_bytes, &HostRun::wire_bytes, &HostRun::forwards,
                                &HostRun::blocks, &HostRun::partial_blocks, &HostRun::barriers}) {
    mean.*each = 0;
    for (const HostRun& run : runs) mean.*each += run.*each * part;
  }
  for (std::size_t rank = 0; rank < mean.ranks.size(); ++rank) {
    mean.ranks[rank] = {};
    for (const HostRun& run : runs) {
      mean.ranks[rank] = mean.ranks[rank] + scaled(run.ranks[rank], part);
    }
  }
  return mean;
}

RankWork scale_to_cpu_time(const RankWork& wall, double cpu_seconds) {
  const double all = wall.sum();
  const double scale = all > 0 ? std::min(1.0, cpu_seconds / all) : 0.0;
  return scaled(wall, scale);
}

}  // namespace buddy::predict
