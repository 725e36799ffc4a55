#include "comm/bootstrap/neighbour_addresses.hpp"

#include <buddy/serialize.hpp>
#include <cstddef>
#include <utility>
#include <vector>

#include "comm/bootstrap/mpi_exchange.hpp"
#include "wire/routes.hpp"

namespace buddy::comm {

transport::AgentAddresses exchange_addresses(MPI_Comm comm, const wire::JobMap& map, RankId self,
                                             const transport::AgentAddress& mine) {
  const std::vector<RankId> speakers = map.representatives();
  const AgentId agent = map.agent_of(self);
  std::vector<AgentId> neighbours;
  if (speakers[agent.value] == self) neighbours = wire::Routes(map).neighbours(agent);
  std::vector<int> peers;
  for (const AgentId each : neighbours) {
    peers.push_back(static_cast<int>(speakers[each.value].value));
  }
  std::vector<std::byte> bytes;
  OutputBytes out(bytes);
  out(mine);
  const auto parts = exchange_bytes(comm, peers, bytes);
  transport::AgentAddresses addresses;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    InputBytes in(parts[i]);
    transport::AgentAddress address;
    in(address);
    addresses.add(neighbours[i], std::move(address));
  }
  return addresses;
}

}  // namespace buddy::comm
