// Across machines: what a network adds to Transport, and how to get one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "arena/sizes.hpp"
#include "base/job_key.hpp"
#include "instrument/trace.hpp"
#include "transport/transport.hpp"

namespace buddy::transport {

/// A transport whose addresses are exchanged before it is connected.
class NetworkTransport : public Transport {
 public:
  struct Peer {
    EndId end;
    std::string address;  ///< what its address() returned
    /// How long a byte and its answer take, as far as known: the window is sized by it.
    std::uint64_t round_trip_ns = 0;
    std::string host{};  ///< for messages; empty: unknown
  };

  /// Bytes by which peers reach this end.
  virtual std::string address() const = 0;
  /// Connects to all peers; each takes frames only from ends that know \p key.
  virtual Status connect(EndId self, const JobKey& key, const std::vector<Peer>& peers) = 0;
};

/// The network of this build (UCX).
/// \param sizes the same for the whole job
/// \param trace where its buffers' accesses go, or nullptr; must outlive the transport
Result<std::unique_ptr<NetworkTransport>> make_network_transport(const arena::Sizes& sizes,
                                                                 TraceWriter* trace);

/// Memory that one end of a link over the network takes for its windows, both directions.
/// \param round_trip_ns to the other end and back; 0: unknown
std::size_t network_link_bytes(const arena::Sizes& sizes, std::uint64_t round_trip_ns);

/// The same of one of \p agents that an agent reaches over the network, nearby.
std::size_t network_peer_bytes(const arena::Sizes& sizes, std::size_t agents);

}  // namespace buddy::transport
