// What Direct Cache Access is worth to the engine, computed from its traces.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "measure/cache/buffer_scheme.hpp"
#include "measure/cache/cache_model.hpp"
#include "measure/cache/rank_scaling.hpp"
#include "measure/cache/trace_replay.hpp"

namespace buddy::tools {

/// Sums over the engines of one application's run.
struct DcaResult {
  std::string application;
  std::uint64_t inbound_bytes = 0;   ///< that devices wrote
  std::uint64_t received_bytes = 0;  ///< of those, from the network
  std::uint64_t read_bytes = 0;      ///< by the engines' cores
  std::uint64_t dropped_events = 0;
  measure::Traffic dca;
  measure::Traffic no_dca;

  double per_inbound_byte(const measure::Traffic& traffic) const;
  /// DRAM bytes without DCA per DRAM byte with it. \return nothing if there are none with it
  std::optional<double> ratio() const;
};

/// One scheme of receive buffers, all applications together.
struct SchemeResult {
  std::string scheme;
  std::uint64_t inbound_bytes = 0;
  std::uint64_t received_bytes = 0;
  std::uint64_t dca_bytes = 0;      ///< DRAM traffic
  std::uint64_t no_dca_bytes = 0;   ///< DRAM traffic
  std::uint64_t copied_misses = 0;  ///< of the second level, while the core copies packets in
};

/// An engine with many ranks, put together from the traces of engines with one.
struct ManyRanksResult {
  std::uint32_t ranks = 0;
  std::string scheme;
  std::uint64_t last_level_bytes = 0;
  measure::SteadyTraffic dca;
  measure::SteadyTraffic no_dca;
};

/// The last level of the paper's host, of a socket.
inline constexpr std::uint64_t paper_host_cache_bytes = std::uint64_t{256} << 20;

struct DcaStudy {
  bool partial = false;  ///< it stopped before all applications
  std::string preset;
  measure::CacheOptions cache;  ///< dca apart
  std::vector<DcaResult> results;
  std::vector<SchemeResult> schemes;
  std::vector<ManyRanksResult> many_ranks;

  /// Replays the traces of one application's engines and adds what comes out; nothing if \p stop
  /// asked to end before that.
  /// Errors: invalid_argument, if no packet came from the network.
  Status add(const std::string& application, const std::vector<measure::Trace>& traces,
             const std::stop_token& stop = {});

  /// Scales what add() saw to engines with so many \p ranks, under many_rank_schemes(), in this
  /// last level and in one as large as that of the paper's host.
  /// \return false if there was no trace of an engine with one rank
  bool scale(const std::vector<std::uint32_t>& ranks, const std::stop_token& stop = {});

 private:
  /// The beginnings of all traces of engines with one rank.
  std::vector<measure::Trace> one_rank_;
};

}  // namespace buddy::tools
