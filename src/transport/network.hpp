// Engine to engine across machines: what a network fabric adds to Transport, and how to get one.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/job_key.hpp"
#include "instrument/trace.hpp"
#include "transport/transport.hpp"

namespace buddy::transport {

/// A fabric whose addresses are exchanged before it is connected.
class NetworkTransport : public Transport {
 public:
  struct Peer {
    AgentId agent;
    std::string address;  ///< what its address() returned
  };

  /// Bytes by which peers reach this agent.
  virtual std::string address() const = 0;
  /// Connects to all peers; each takes frames only from agents that know \p key.
  virtual Status connect(AgentId self, const JobKey& key, const std::vector<Peer>& peers) = 0;
};

/// The network fabric of this build (UCX).
/// \param max_frame_bytes largest body that will be pushed
/// \param trace where its buffers' accesses go, or nullptr; must outlive the fabric
Result<std::unique_ptr<NetworkTransport>> make_network_transport(std::size_t max_frame_bytes,
                                                                 TraceWriter* trace);

}  // namespace buddy::transport
