// Runs that tests of the models make up.
#pragma once

#include <string>

#include "predict/sweep.hpp"

namespace buddy::predict::testing {

/// Two ranks on one CPU of two nodes, without idle time. \param engine routing, seconds of both
/// ranks
inline HostRun run_of(double application, double handlers, double engine, double network = 0) {
  HostRun run;
  run.host_cpus = 1;
  run.nodes = 2;
  for (int rank = 0; rank < 2; ++rank) {
    run.ranks.push_back({.application = application / 2,
                         .handlers = handlers / 2,
                         .engine = engine / 2,
                         .network = network / 2});
  }
  run.seconds = application + handlers + engine + network;
  run.messages = 1e6;
  run.payload_bytes = 8e6;
  run.block_bytes = 12e6;
  run.wire_bytes = 4e6;
  run.barriers = 1;
  return run;
}

inline SweepPoint point_of(const std::string& application, const HostRun& run, double speedup) {
  return {.application = application, .run = run, .speedup = speedup};
}

}  // namespace buddy::predict::testing
