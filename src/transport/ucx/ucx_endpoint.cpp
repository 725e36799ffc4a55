#include "transport/ucx/ucx_endpoint.hpp"

#include "instrument/activity.hpp"

namespace buddy::transport {

ucs_status_t UcxEndpoint::open(ucp_worker_h worker, std::span<const std::byte> address,
                               ucp_err_handler_cb_t on_error, void* argument) {
  ucp_ep_params_t params{};
  params.field_mask = UCP_EP_PARAM_FIELD_REMOTE_ADDRESS | UCP_EP_PARAM_FIELD_ERR_HANDLING_MODE |
                      UCP_EP_PARAM_FIELD_ERR_HANDLER;
  params.address = reinterpret_cast<const ucp_address_t*>(address.data());
  params.err_mode = UCP_ERR_HANDLING_MODE_PEER;
  params.err_handler.cb = on_error;
  params.err_handler.arg = argument;
  return ucp_ep_create(worker, &params, &endpoint_);
}

UcxEndpoint::Sent UcxEndpoint::send(std::span<const std::byte> bytes,
                                    ucp_send_nbx_callback_t on_done, void* argument) noexcept {
  const ActivityScope scope(Activity::network);
  ucp_request_param_t params{};
  params.op_attr_mask =
      UCP_OP_ATTR_FIELD_CALLBACK | UCP_OP_ATTR_FIELD_USER_DATA | UCP_OP_ATTR_FIELD_FLAGS;
  // Never rendezvous: it is slower at these sizes and overtakes.
  params.flags = UCP_AM_SEND_FLAG_EAGER;
  params.cb.send = on_done;
  params.user_data = argument;
  const ucs_status_ptr_t request =
      ucp_am_send_nbx(endpoint_, packet_am_id, nullptr, 0, bytes.data(), bytes.size(), &params);
  if (request == nullptr) return Sent::done;
  return UCS_PTR_IS_ERR(request) ? Sent::failed : Sent::pending;
}

void UcxEndpoint::close() noexcept {
  if (endpoint_ == nullptr) return;
  ucp_request_param_t params{};
  params.op_attr_mask = UCP_OP_ATTR_FIELD_FLAGS;
  params.flags = UCP_EP_CLOSE_FLAG_FORCE;
  const ucs_status_ptr_t request = ucp_ep_close_nbx(endpoint_, &params);
  endpoint_ = nullptr;
  if (UCS_PTR_IS_PTR(request)) closing_ = request;
}

bool UcxEndpoint::closed() noexcept {
  if (closing_ == nullptr) return true;
  if (ucp_request_check_status(closing_) == UCS_INPROGRESS) return false;
  ucp_request_free(closing_);
  closing_ = nullptr;
  return true;
}

}  // namespace buddy::transport
