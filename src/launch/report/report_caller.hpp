// The side of the report channel that watches a rank.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/job_key.hpp"
#include "base/status.hpp"
#include "launch/report/report_stream.hpp"

namespace buddy::launch {

/// Name of the environment variable that leads there.
inline constexpr const char* report_variable = "BUDDY_REPORT";

struct ReportCall {
  std::string_view addresses;  ///< "10.0.0.1:4711,[fe80::1]:4711"
  JobKey key{};
  int peer_timeout_s = 10;
  std::uint32_t rank = 0;
  std::uint32_t local_index = 0;
  std::uint32_t local_ranks = 1;
};

/// A connection to the command that was let in.
struct ReportLine {
  ReportStream stream;
  report::Welcome welcome;
};

/// Tries the addresses in turn until one answers and knows the key.
/// Errors: system naming the addresses, invalid_argument for what is none.
Result<ReportLine> call_command(const ReportCall& call);

}  // namespace buddy::launch
