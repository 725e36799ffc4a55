// The only place that knows which network back ends there are.
#include "transport/hangup.hpp"
#include "transport/network.hpp"
#include "transport/ucx/ucx_transport.hpp"

namespace buddy::transport {

Result<std::unique_ptr<NetworkTransport>> make_network_transport(std::size_t max_frame_bytes,
                                                                 TraceWriter* trace) {
  give_back_hangup();  // keeps the file that does so at the start in every program
  UcxOptions options;
  options.max_frame_bytes = max_frame_bytes;
  options.trace = trace;
  auto made = UcxTransport::create(options);
  if (!made.ok()) return made.status();
  return std::unique_ptr<NetworkTransport>(std::move(made.value()));
}

}  // namespace buddy::transport
