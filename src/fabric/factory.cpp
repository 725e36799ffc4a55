// The only place that knows which network back ends there are.
#include "fabric/hangup.hpp"
#include "fabric/network.hpp"
#include "fabric/ucx/ucx_fabric.hpp"

namespace buddy::fabric {

Result<std::unique_ptr<NetworkFabric>> make_network_fabric(std::size_t max_frame_bytes,
                                                           TraceWriter* trace) {
  give_back_hangup();  // keeps the file that does so at the start in every program
  UcxOptions options;
  options.max_frame_bytes = max_frame_bytes;
  options.trace = trace;
  auto made = UcxFabric::create(options);
  if (!made.ok()) return made.status();
  return std::unique_ptr<NetworkFabric>(std::move(made.value()));
}

}  // namespace buddy::fabric
