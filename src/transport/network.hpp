// Across machines: what a network adds to Transport, and how to get one.
#pragma once

#include <memory>
#include <string>
#include <vector>

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
  };

  /// Bytes by which peers reach this end.
  virtual std::string address() const = 0;
  /// Connects to all peers; each takes frames only from ends that know \p key.
  virtual Status connect(EndId self, const JobKey& key, const std::vector<Peer>& peers) = 0;
};

/// The network of this build (UCX).
/// \param max_frame_bytes largest body that will be pushed
/// \param trace where its buffers' accesses go, or nullptr; must outlive the transport
Result<std::unique_ptr<NetworkTransport>> make_network_transport(std::size_t max_frame_bytes,
                                                                 TraceWriter* trace);

}  // namespace buddy::transport
