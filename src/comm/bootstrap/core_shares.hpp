// Who has a core to itself, when several processes may run on several cores each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace buddy::comm {

/// \param parties for each process or thread: the CPUs it may run on
/// \return for each of them, whether it has a core in every way of serving as many as possible. A
/// kernel moves those that can move, so they do not share with those that cannot.
/// Source: maximum matching; who is reached from an unmatched party by alternating paths shares.
std::vector<bool> have_cores(const std::vector<std::vector<std::int32_t>>& parties);

}  // namespace buddy::comm
