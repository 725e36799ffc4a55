// How an agent finds those that it has channels to.
#pragma once

#include <buddy/detail/mpi.hpp>

#include "base/ids.hpp"
#include "transport/agent_address.hpp"
#include "wire/job_map.hpp"

namespace buddy::comm {

/// The ranks that speak for agents send each other the addresses of neighbours; nobody hears of
/// agents that his own has no channel to. Collective over \p comm.
/// \param mine of the agent that serves this rank, \p self
/// \return those of the neighbours of that agent; none where another rank speaks for it
transport::AgentAddresses exchange_addresses(MPI_Comm comm, const wire::JobMap& map, RankId self,
                                             const transport::AgentAddress& mine);

}  // namespace buddy::comm
