// The secret that the processes of one job share.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.hpp"

namespace buddy {

/// 128 random bits: engines take ranks and peers that know it, and nobody else.
struct JobKey {
  std::array<std::uint64_t, 2> words{};
  friend bool operator==(const JobKey&, const JobKey&) = default;
};

/// From the operating system's random source.
JobKey random_job_key();
/// 32 hex digits. \return invalid_argument for anything else
Result<JobKey> parse_job_key(std::string_view text);
std::string to_string(const JobKey& key);

}  // namespace buddy
