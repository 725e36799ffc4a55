#include "transport/ucx/ucx_worker.hpp"

#include <cstdint>
#include <cstring>

#include "transport/ucx/ucx_endpoint.hpp"
#include "transport/ucx/ucx_token.hpp"

namespace buddy::transport {
namespace {

constexpr unsigned most_progress_calls = 8;

/// Not a secret: it tells damage from an address, nothing more.
constexpr JobKey address_key{{0x4255444459204144, 0x4452455353455300}};

}  // namespace

std::string seal_address(std::span<const std::byte> address) {
  const std::uint64_t seal = sip_hash(address_key, address);
  std::string sealed(sizeof seal + address.size(), '\0');
  std::memcpy(sealed.data(), &seal, sizeof seal);
  std::memcpy(sealed.data() + sizeof seal, address.data(), address.size());
  return sealed;
}

std::span<const std::byte> unseal_address(const std::string& sealed) {
  std::uint64_t seal = 0;
  if (sealed.size() <= sizeof seal) return {};
  std::memcpy(&seal, sealed.data(), sizeof seal);
  const auto address = std::as_bytes(std::span(sealed)).subspan(sizeof seal);
  return sip_hash(address_key, address) == seal ? address : std::span<const std::byte>();
}

Result<std::unique_ptr<UcxWorker>> UcxWorker::create() {
  auto context = UcxContext::shared();
  if (!context.ok()) return context.status();
  ucp_worker_params_t params{};
  params.field_mask = UCP_WORKER_PARAM_FIELD_THREAD_MODE | UCP_WORKER_PARAM_FIELD_EVENTS;
  // An engine process makes and destroys it on its control thread and uses it on a worker thread.
  params.thread_mode = UCS_THREAD_MODE_SERIALIZED;
  params.events = UCP_WAKEUP_TX | UCP_WAKEUP_RX;
  ucp_worker_h handle = nullptr;
  const ucs_status_t status = ucp_worker_create(context.value()->get(), &params, &handle);
  const std::string advice = "check UCX_TLS and UCX_NET_DEVICES, or run without them";
  if (status != UCS_OK) return ucx_error(status, "cannot open the network", advice);
  std::unique_ptr<UcxWorker> worker(new UcxWorker(std::move(context.value()), handle));
  if (const ucs_status_t efd = ucp_worker_get_efd(handle, &worker->event_fd_); efd != UCS_OK) {
    return ucx_error(efd, "cannot wait for the network", advice);
  }
  if (Status read = worker->read_address(); !read.ok()) return read;
  return worker;
}

UcxWorker::~UcxWorker() { ucp_worker_destroy(worker_); }

Status UcxWorker::read_address() {
  ucp_address_t* address = nullptr;
  std::size_t bytes = 0;
  if (const ucs_status_t status = ucp_worker_get_address(worker_, &address, &bytes);
      status != UCS_OK) {
    return ucx_error(status, "cannot tell this machine's network address",
                     "check that a network interface is up");
  }
  address_ = seal_address({reinterpret_cast<const std::byte*>(address), bytes});
  ucp_worker_release_address(worker_, address);
  return {};
}

Status UcxWorker::receive(ucp_am_recv_callback_t callback, void* argument) {
  ucp_am_handler_param_t params{};
  params.field_mask = UCP_AM_HANDLER_PARAM_FIELD_ID | UCP_AM_HANDLER_PARAM_FIELD_CB |
                      UCP_AM_HANDLER_PARAM_FIELD_ARG;
  params.id = packet_am_id;
  params.cb = callback;
  params.arg = argument;
  const ucs_status_t status = ucp_worker_set_am_recv_handler(worker_, &params);
  if (status == UCS_OK) return {};
  return ucx_error(status, "cannot receive from the network", "use UCX 1.12 or newer");
}

unsigned UcxWorker::progress() noexcept {
  unsigned total = 0;
  for (unsigned i = 0; i < most_progress_calls; ++i) {
    const unsigned happened = ucp_worker_progress(worker_);
    total += happened;
    if (happened == 0) break;
  }
  return total;
}

}  // namespace buddy::transport
