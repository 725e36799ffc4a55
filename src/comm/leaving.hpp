// The only place that waits until ranks have left.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "comm/engine_connection.hpp"

namespace buddy::comm {

/// Peers take a goodbye within milliseconds, unless they are stopped.
inline constexpr std::uint64_t goodbye_limit_ns = 2'000'000'000;
/// Why the job has failed is told by others as well.
inline constexpr std::uint64_t failure_limit_ns = 500'000'000;

/// Steps \p connections, all of which leave, until their peers have taken their last word.
/// \param others keeps what does not leave going; \return whether anything moved
/// \return false if that takes longer than \p limit_ns
bool wait_until_left(std::span<EngineConnection* const> connections, std::uint64_t limit_ns,
                     const std::function<bool()>& others);

}  // namespace buddy::comm
