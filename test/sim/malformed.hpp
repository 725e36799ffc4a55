// Frames that no sound process would send, all of which the checks must find.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sim/job.hpp"

namespace buddy::sim {

/// Pushes a bad frame, or overwrites the ring, as a rank whose memory is damaged would.
/// \param what says what was done
/// \return false if the ring has no room just now
bool push_malformed(Job& job, std::uint32_t rank, test::Random& random, std::string& what);

/// Damages a frame between engines so that every receiver can tell.
/// \return false if this frame cannot be damaged like that
bool damage(wire::FrameHeader& header, std::vector<std::byte>& body, test::Random& random,
            std::string& what);

}  // namespace buddy::sim
