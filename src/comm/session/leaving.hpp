// The only place that waits while no communicator does: at the end of one, and of the program.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "comm/session/engine_connection.hpp"

namespace buddy::comm {

/// Peers take a goodbye within milliseconds, unless they are stopped.
inline constexpr std::uint64_t goodbye_limit_ns = 2'000'000'000;
/// Why the job has failed is told by others as well.
inline constexpr std::uint64_t failure_limit_ns = 500'000'000;

/// Steps \p connections until \p done, which is asked between steps: nothing would end a sleep.
/// \param others keeps what is not among them going; \return whether anything moved
void step_until(
    std::span<EngineConnection* const> connections, const std::function<bool()>& done,
    const std::function<bool()>& others = [] { return false; });

/// Steps \p connections, all of which leave, until their peers have taken their last word.
/// \return false if that takes longer than \p limit_ns
bool wait_until_left(
    std::span<EngineConnection* const> connections, std::uint64_t limit_ns,
    const std::function<bool()>& others = [] { return false; });

}  // namespace buddy::comm
