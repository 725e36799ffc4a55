// The document of `buddy profile --json`: schema "buddy.profile.v1".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/profile/profiled_job.hpp"
#include "tools/report/json_fwd.hpp"
#include "tools/report/machine.hpp"

namespace buddy::tools {

inline constexpr const char* profile_schema = "buddy.profile.v1";

/// Memory traffic of a run, as far as it could be measured.
struct MemoryTraffic {
  std::optional<double> host_bytes;
  std::optional<double> engine_bytes;
  std::optional<double> ratio;  ///< host bytes per payload byte sent to other nodes
  std::string method;           ///< empty if none
  std::string text;             ///< one sentence: how it was measured, or why it was not
  JsonValue unavailable = JsonValue::array();  ///< {method, why}
  JsonValue cache;         ///< simulated: as valgrind takes it; null if none was
  JsonValue cache_source;  ///< measure::CacheSource; null likewise
};

/// docs/formats/profile_json.md. \param command what was typed
Json profile_report(const ProfiledJob& job, const MemoryTraffic& memory, const Machine& machine,
                    const std::vector<std::string>& command);

}  // namespace buddy::tools
