// Settings of a communicator.
#pragma once

#include <cstddef>
#include <optional>

namespace buddy {

/// Where messages are routed.
enum class Placement {
  host,    ///< by an engine inside each rank, stepped in the rank's calls to Buddy
  engine,  ///< by an engine process per node (started by `buddy run`)
};

/// What carries messages between nodes of one machine; between machines it is always UCX.
enum class FabricKind { shm, ucx };

/// Which engines a message passes on its way.
enum class Routing {
  automatic,  ///< one of the others, by the size of the job
  direct,     ///< none but the sender's and the receiver's
  node,       ///< from node to node between engines of the same index, and on inside the node
  grid,       ///< engines in a grid of about sqrt(N) x sqrt(N): to the other row, then along it
};

/// Settings of a communicator. What is left empty comes from the environment, which `buddy run`
/// fills in: BUDDY_PLACEMENT (host), BUDDY_FABRIC (shm), BUDDY_NODES (one node per machine),
/// BUDDY_ROUTING (auto).
/// All ranks must agree.
struct Options {
  std::optional<Placement> placement{};
  std::optional<FabricKind> fabric{};
  std::optional<int> nodes{};  ///< on this machine; ranks are split into contiguous groups
  std::optional<Routing> routing{};
  /// Most bytes of messages a rank collects before it hands them to its engine; a block is the
  /// limit (32 KiB) and the default. Ranks may differ.
  std::optional<std::size_t> collect_bytes{};
};

}  // namespace buddy
