// How an agent of the job is reached. Layout in docs/formats/handshake.md.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace buddy::transport {

/// As exchanged at start-up with the neighbours.
struct AgentAddress {
  std::string host;           ///< machine, from gethostname()
  std::string arena_path;     ///< of its inbound rings in /dev/shm; same machine only
  std::string ucx_address;    ///< UCX worker address bytes; empty without a network
  std::string watch_address;  ///< of its MachineWatch; empty where all agents are on one machine
  template <class Archive>
  void serialize(Archive& archive) {
    archive(host, arena_path, ucx_address, watch_address);
  }
};

/// By agent.
using AgentAddresses = std::map<std::uint32_t, AgentAddress>;

}  // namespace buddy::transport
