// The number by which an engine that serves many jobs tells them apart.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/status.hpp"

namespace buddy {

/// 16 random bytes, made once for a job; no secret. All zeros: the job was given no id, as when its
/// ranks are started by hand.
struct JobId {
  std::array<std::byte, 16> bytes{};
  friend auto operator<=>(const JobId&, const JobId&) = default;
};

/// From the operating system's random source.
JobId random_job_id();
/// 32 hex digits. \return invalid_argument for anything else
Result<JobId> parse_job_id(std::string_view text);
std::string to_string(const JobId& id);

}  // namespace buddy
