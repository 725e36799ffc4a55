// Numbers with a unit on the command line, as docs/commands.md says.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace buddy::tools {

/// Bytes: k, K, Ki, KB and KiB are 1024 of them, M, G and T with their kin 1024 times as many each;
/// powers as below. \return nothing for what is no such number, or does not fit 64 bits
std::optional<std::uint64_t> parse_bytes(std::string_view text);

/// Counts as the workloads read them: k and K are 1000, Ki is 1024; 2^20 and 3<<20 are powers.
std::optional<std::uint64_t> parse_count(std::string_view text);

}  // namespace buddy::tools
