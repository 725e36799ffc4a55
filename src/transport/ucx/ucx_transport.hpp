// Between ends on different machines, over UCX active messages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "transport/network.hpp"

namespace buddy::transport {

/// What a UcxTransport did; all since its creation.
struct UcxStats {
  std::uint64_t frames_out = 0;
  std::uint64_t frames_in = 0;
  std::uint64_t packets_out = 0;       ///< with frames; several frames may share one
  std::uint64_t packets_in = 0;        ///< acknowledgements included
  std::uint64_t acknowledgements = 0;  ///< packets sent to give back room only
  std::uint64_t stalls = 0;            ///< pushes that found the window used up
  std::uint64_t rejected = 0;          ///< packets that failed a check
  std::uint64_t moved = 0;             ///< packets received and sends completed by UCX
};

struct UcxOptions {
  std::size_t max_frame_bytes = wire::max_body_bytes;  ///< the same for the whole job
  /// For the windows of all peers together, both directions; each gets room for two largest frames
  /// at least. More is not faster: docs/design/ucx.md.
  std::size_t memory_bytes = std::size_t{1536} << 10;
  /// For the window of a link between a rank and its agent, both directions: as much as its rings
  /// would take.
  std::size_t link_memory_bytes = std::size_t{1} << 20;
  /// Window of each peer, in each direction; 0: by the memory above, and by the distance.
  std::size_t window_bytes = 0;
  TraceWriter* trace = nullptr;  ///< of its buffers' accesses, or nullptr; outlives the fabric
};

/// Connections of one end over UCX: TCP, or what InfiniBand and RoCE offer; never shared memory,
/// because there UCX does not report that a peer died.
///
/// Memory is taken in connect() and bounded; a consumer that does not release stops its peers
/// within a window. Packets that are not from an end of this job are counted and dropped; an
/// end of the job that sends damaged ones is disconnected.
///
/// Threads: one at a time. An engine process makes, connects and destroys it on its control thread;
/// in between it is its worker's (given to it by Worker's mailbox, and back by the agent's
/// removal).
class UcxTransport final : public NetworkTransport {
 public:
  static Result<std::unique_ptr<UcxTransport>> create(const UcxOptions& options);
  /// Waits until peers have consumed what was pushed, but no longer than 250 ms; cuts then.
  ~UcxTransport() override;

  std::string address() const override;
  /// \pre called once
  Status connect(EndId self, const JobKey& key, const std::vector<Peer>& peers) override;

  std::uint32_t progress() noexcept override;
  std::uint64_t take_unauthenticated() noexcept override;
  transport::Channel* channel(EndId peer) noexcept override;
  int event_fd() const noexcept override;
  bool arm() noexcept override;

  const UcxStats& stats() const noexcept;
  /// Most bytes on their way to one peer, packet headers included.
  std::size_t window_bytes() const noexcept;

 private:
  class Impl;
  explicit UcxTransport(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace buddy::transport
